"""The Django application of schedules."""

from django.apps import AppConfig


class Schedules(AppConfig):
    """Watches new dataset versions, which triggers react to."""

    name = "designer.schedules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signal of new dataset versions, and tell pipelines where they are in use."""
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.schedules import sources  # noqa: PLC0415  models are loaded only now
        from designer.schedules.uses import of_pipeline  # noqa: PLC0415

        sources.watch_datasets()
        SOURCES.append(of_pipeline)
