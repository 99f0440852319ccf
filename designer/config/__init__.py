"""Settings, URL configuration, ASGI and Celery applications."""

from designer.config.celery import app as celery_app

__all__ = ["celery_app"]
