"""The Django application of schedules."""

from django.apps import AppConfig


class Schedules(AppConfig):
    """Watches new dataset versions, which triggers react to."""

    name = "designer.schedules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signal of new dataset versions."""
        from designer.schedules import sources  # noqa: PLC0415  models are loaded only now

        sources.watch_datasets()
