"""The engine as a Django app."""

from celery import current_app
from django.apps import AppConfig


class PipelinesConfig(AppConfig):
    """The engine: runs, steps, events and results."""

    name = "pipelines"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Set up this process's Celery application. Imported here, since the worker needs the models loaded."""
        from pipelines.runtime.worker.bootstep import equip  # noqa: PLC0415

        equip(current_app._get_current_object())
