"""The app of published pipelines."""

from django.apps import AppConfig


class PublishedConfig(AppConfig):
    """App config of published pipelines."""

    name = "designer.published"
    label = "published"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the scheduler save what runs of published pipelines leave, keep the saved values that they load, and tell pipelines where they are in use."""
        from designer.datasets.saving import USED_BY  # noqa: PLC0415
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.published.saving import settle  # noqa: PLC0415  models are loaded only now
        from designer.published.scoring import published_with  # noqa: PLC0415
        from designer.published.uses import of_pipeline  # noqa: PLC0415
        from designer.schedules.scheduler import LOOKS  # noqa: PLC0415

        LOOKS.append(settle)
        SOURCES.append(of_pipeline)
        USED_BY.append(published_with)
