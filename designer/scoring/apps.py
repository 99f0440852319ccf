"""The app of scoring graphs."""

from django.apps import AppConfig


class ScoringConfig(AppConfig):
    """App config of scoring graphs."""

    name = "designer.scoring"
