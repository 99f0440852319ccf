"""The app of endpoints."""

from django.apps import AppConfig


class EndpointsConfig(AppConfig):
    """App config of endpoints."""

    name = "designer.endpoints"
