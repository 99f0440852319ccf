"""The app of runs; it has a command and no tables of its own."""

from django.apps import AppConfig


class RunsConfig(AppConfig):
    """Starting, stopping and watching runs."""

    name = "designer.runs"
