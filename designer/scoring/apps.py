"""The app of scoring graphs."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """App config of scoring graphs."""

    name = "designer.scoring"

    def ready(self) -> None:
        """Tell pipelines which endpoints serve them."""
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.scoring.uses import of_pipeline  # noqa: PLC0415  models are loaded only now

        SOURCES.append(of_pipeline)
