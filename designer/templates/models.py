"""Models of templates: the template, and where a pipeline was made from one."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from designer.documents.models import Pipeline
from designer.workspaces.models import Workspace, new_id


class Template(models.Model):
    """A copy of a pipeline to start others from. Saving it again makes the next version; pipelines that were made from it stay as they are."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="templates")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    graph = models.JSONField()
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_template_per_name")]


class MadeFrom(models.Model):
    """The template that a pipeline was made from, by name and version: it may be deleted, and may be of a workspace that others cannot see."""

    pipeline = models.OneToOneField(Pipeline, models.CASCADE, related_name="made_from")
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="made")
    name = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
