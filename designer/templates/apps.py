"""App config of templates."""

from django.apps import AppConfig


class TemplatesConfig(AppConfig):
    """Pipelines to start others from."""

    name = "designer.templates"
    label = "pipeline_templates"
