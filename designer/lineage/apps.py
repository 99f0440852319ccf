"""App config of lineage; its table is that of the events that were sent."""

from django.apps import AppConfig


class LineageConfig(AppConfig):
    """What results are made of, and telling other systems of it."""

    name = "designer.lineage"
