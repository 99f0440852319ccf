"""The app of endpoints."""

from django.apps import AppConfig


class EndpointsConfig(AppConfig):
    """App config of endpoints."""

    name = "designer.endpoints"

    def ready(self) -> None:
        """Tell the registry which models are served."""
        from designer.endpoints.uses import endpoints_of  # noqa: PLC0415  models are loaded only now
        from designer.registry.uses import SOURCES  # noqa: PLC0415

        SOURCES.append(endpoints_of)
