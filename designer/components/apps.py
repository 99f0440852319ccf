"""App config of components."""

from django.apps import AppConfig


class ComponentsConfig(AppConfig):
    """Sub-pipelines that are used in several pipelines."""

    name = "designer.components"
    label = "components"
