"""What the API of people and workspaces takes and answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Self

import msgspec
from django.conf import settings
from django.contrib.auth.models import User
from rest_framework import serializers

from designer.http.openapi import Instant
from designer.workspaces import models
from designer.workspaces.models import ApiToken, Membership, Role, Scope
from designer.workspaces.people import name_of
from pipelines.flow import Limits


class Person(msgspec.Struct):
    """A person."""

    id: str
    name: str
    email: str

    @classmethod
    def of(cls, user: User) -> Person:
        """A person's account."""
        return cls(str(user.pk), name_of(user), user.email)


class Workspace(msgspec.Struct):
    """A workspace as one of its members sees it."""

    id: str
    name: str
    role: Role

    @classmethod
    def of(cls, membership: Membership) -> Workspace:
        """The workspace of a membership."""
        return cls(membership.workspace_id, membership.workspace.name, Role(membership.role))


class Me(msgspec.Struct):
    """The signed-in person, and the workspaces that the person is in."""

    user: Person
    workspaces: list[Workspace]
    needs_current_password: Annotated[bool, msgspec.Meta(description="Whether the current password is required to set a new one.")]
    has_ray: Annotated[bool, msgspec.Meta(description="Whether items of steps can be executed on a Ray cluster.")]

    @classmethod
    def of(cls, user: User, memberships: Iterable[Membership], *, needs_current_password: bool, has_ray: bool) -> Me:
        """A person with memberships."""
        return cls(Person.of(user), [*map(Workspace.of, memberships)], needs_current_password, has_ray)


class WorkspaceLimits(msgspec.Struct):
    """A workspace's own limits, those of the installation, and what follows: of both the lower."""

    own: Limits
    installation: Limits
    in_force: Limits

    @classmethod
    def of(cls, workspace: models.Workspace) -> WorkspaceLimits:
        """The limits of a workspace."""
        return cls(Limits.from_json(workspace.limits), Limits.from_json(settings.EASEL_LIMITS), workspace.limits_in_force())


class Member(msgspec.Struct):
    """A member."""

    user: Person
    role: Role

    @classmethod
    def of(cls, membership: Membership) -> Member:
        """A membership."""
        return cls(Person.of(membership.user), Role(membership.role))


class Link(msgspec.Struct):
    """A link to send."""

    link: str


class Token(msgspec.Struct):
    """A token, without its secret."""

    id: str
    name: str
    scope: Scope
    created_at: Instant
    last_used_at: Instant | None
    expires_at: Instant | None

    @classmethod
    def of(cls, token: ApiToken, /, **more: Any) -> Self:
        """A token's row."""
        return cls(
            id=token.pk,
            name=token.name,
            scope=Scope(token.scope),
            created_at=token.created_at,
            last_used_at=token.last_used_at,
            expires_at=token.expires_at,
            **more,
        )


class NewToken(Token):
    """A token as it is shown once."""

    token: str


class RoleField(serializers.ChoiceField):
    """One of the four roles."""

    def __init__(self) -> None:
        super().__init__(choices=Role.choices)


class MeEditSerializer(serializers.Serializer[object]):
    """A new name or password."""

    name = serializers.CharField(max_length=100, required=False)
    password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)
    current_password = serializers.CharField(max_length=200, required=False, trim_whitespace=False)


class WorkspaceNameSerializer(serializers.ModelSerializer[models.Workspace]):
    """A workspace's name."""

    class Meta:
        model = models.Workspace
        fields = ("name",)


class LimitsSerializer(serializers.Serializer[object]):
    """What a workspace may use; null is without limit."""

    runs = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)
    step_memory_bytes = serializers.IntegerField(min_value=64 * 1024**2, max_value=2**50, allow_null=True, required=False)
    step_seconds = serializers.IntegerField(min_value=1, max_value=7 * 24 * 3600, allow_null=True, required=False)
    store_bytes = serializers.IntegerField(min_value=1024**2, max_value=2**60, allow_null=True, required=False)
    retention_days = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)


class MemberAddSerializer(serializers.Serializer[object]):
    """Whom to let in, and as what."""

    email = serializers.EmailField(max_length=254)
    role = RoleField()


class RoleSerializer(serializers.Serializer[object]):
    """A role to give."""

    role = RoleField()


class TokenAskSerializer(serializers.Serializer[object]):
    """A token to make: it may read, also write (edit and run), or do all that its person may; it ends after so many days, with null never."""

    name = serializers.CharField(max_length=100)
    scope = serializers.ChoiceField(Scope.choices, default=Scope.WRITE.value)
    days = serializers.IntegerField(min_value=1, max_value=3650, allow_null=True, default=90)
