"""Models of workspaces: members, roles, tokens and links."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from pipelines.flow import Limits


def new_id() -> str:
    """An unguessable id."""
    return uuid4().hex


class Role(models.TextChoices):
    """What a member may do, from least to most."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"


class Workspace(models.Model):
    """A workspace: the owner of pipelines, datasets and runs."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)
    limits = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name

    def limits_in_force(self) -> Limits:
        """The limits of its runs: its own, none above the installation's."""
        return Limits.from_json(self.limits).capped_by(Limits.from_json(settings.EASEL_LIMITS))


class Membership(models.Model):
    """A person in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_person")]


class Scope(models.TextChoices):
    """What a token may do within its person's role, from least to most."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


class ApiToken(models.Model):
    """A token for programs. Only its hash is stored."""

    id = models.CharField(primary_key=True, max_length=32, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.ADMIN)
    expires_at = models.DateTimeField(null=True)


class SignInLink(models.Model):
    """A one-time, short-lived sign-in link."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class Invitation(models.Model):
    """A link by which one person joins a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
