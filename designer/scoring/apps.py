"""The app of scoring graphs."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """App config of scoring graphs."""

    name = "designer.scoring"

    def ready(self) -> None:
        """Tell pipelines which endpoints serve them, and let conditions of registered models ask for proofs."""
        from designer.documents.uses import SOURCES  # noqa: PLC0415
        from designer.registry import gates  # noqa: PLC0415  models are loaded only now
        from designer.scoring.proven import why_unproven  # noqa: PLC0415
        from designer.scoring.uses import of_pipeline  # noqa: PLC0415

        SOURCES.append(of_pipeline)
        gates.PROOFS.append(why_unproven)
