"""App config of runs; it has a command and no tables of its own."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Starting, cancelling and following runs."""

    name = "designer.runs"
