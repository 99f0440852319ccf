"""Models of components: the component and its versions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from designer.workspaces.models import Workspace, new_id


class Component(models.Model):
    """A sub-pipeline of a workspace to insert in pipelines. Each pipeline holds a copy of one version."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="components")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="one_component_per_name")]


class ComponentVersion(models.Model):
    """What a component is at one number; it never changes. `uses` are the components whose instances are in it."""

    component = models.ForeignKey(Component, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    graph = models.JSONField()
    digest = models.CharField(max_length=64)
    uses = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["component", "number"], name="one_component_version_per_number"),
            models.UniqueConstraint(fields=["component", "digest"], name="one_component_version_per_content"),
        ]
