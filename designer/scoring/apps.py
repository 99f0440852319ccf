"""The app of scoring graphs."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """App config of scoring graphs."""

    name = "designer.scoring"

    def ready(self) -> None:
        """Let conditions of registered models ask for proofs."""
        from designer.registry import gates  # noqa: PLC0415  models are loaded only now
        from designer.scoring.proven import why_unproven  # noqa: PLC0415

        gates.PROOFS.append(why_unproven)
