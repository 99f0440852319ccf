"""The Django application of schedules."""

from django.apps import AppConfig


class Schedules(AppConfig):
    """Watches new dataset versions, which triggers react to."""

    name = "designer.schedules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect the signal of new dataset versions, and tell pipelines where they are in use and which runs are not of their draft."""
        from designer.documents.draft_runs import STARTED  # noqa: PLC0415
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.schedules import sources  # noqa: PLC0415  models are loaded only now
        from designer.schedules.uses import of_pipeline, started  # noqa: PLC0415

        sources.watch_datasets()
        SOURCES.append(of_pipeline)
        STARTED.append(started)
