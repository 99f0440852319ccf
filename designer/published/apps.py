"""The app of published pipelines."""

from django.apps import AppConfig


class PublishedConfig(AppConfig):
    """App config of published pipelines."""

    name = "designer.published"
    label = "published"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the saved values that published pipelines load, let rows of deleted runs go with time, and tell pipelines where they are in use."""
        from designer.datasets.saving import USED_BY  # noqa: PLC0415
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.published.saving import forgotten  # noqa: PLC0415  models are loaded only now
        from designer.published.scoring import published_with  # noqa: PLC0415
        from designer.published.uses import of_pipeline  # noqa: PLC0415
        from designer.store.services import HISTORIES  # noqa: PLC0415

        SOURCES.append(of_pipeline)
        USED_BY.append(published_with)
        HISTORIES["deleted runs of published pipelines, with their idempotency keys"] = forgotten
