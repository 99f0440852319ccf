"""Permissions: the only place that decides who may do what."""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from operator import attrgetter
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet

from designer.actions import LEAST
from designer.audit import trail
from designer.http.errors import Refusal, absent
from designer.workspaces.models import Membership, Role, Scope, Workspace
from pipelines.flow import add_context

M = TypeVar("M", bound=Model)

ROLES: tuple[str, ...] = tuple(Role.values)

SCOPES: tuple[str, ...] = tuple(Scope.values)
_READS = ("see", "list", "download", "export", "sign_ins")
_ACCOUNT = ("me.edit", "token.make", "token.revoke")


def scope_of(action: str) -> str:
    """The least scope that a token needs for an action."""
    if LEAST[action] in (Role.ADMIN, Role.OWNER) or action in _ACCOUNT:
        return Scope.ADMIN.value
    return Scope.READ.value if action.rpartition(".")[2] in _READS else Scope.WRITE.value


def require_scope(scope: str, action: str) -> None:
    """Check that a token's scope is enough for an action.

    Raises:
        Refusal: 403 when it is not.
    """
    needed = scope_of(action)
    if SCOPES.index(scope) < SCOPES.index(needed):
        words = f"This requires the scope {needed}, but the token has the scope {scope}."
        raise Refusal(403, "scope_too_low", words, remedy=f"Create a token with the scope {needed} on the Team page.")


def has_role(role: str | None, action: str) -> bool:
    """Whether a member with this role may do the action."""
    return role is not None and ROLES.index(role) >= ROLES.index(LEAST[action])


def role_in(user: User, workspace: str | None) -> str | None:
    """A person's role in a workspace. Objects without a workspace (samples) are readable for every user."""
    if workspace is None:
        return Role.VIEWER.value
    found = Membership.objects.filter(user_id=user.pk, user__is_active=True, workspace_id=workspace)
    return found.values_list("role", flat=True).first()


def roles_of(user: User) -> dict[str, str]:
    """A person's role in each of their workspaces, oldest first."""
    return dict(Membership.objects.filter(user_id=user.pk).order_by("since", "pk").values_list("workspace_id", "role"))


def get_for(
    user: User, action: str, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = attrgetter("workspace_id")
) -> M:
    """The only access to objects: the object, for a user and an action.

    Args:
        user: The user.
        action: A key of LEAST that needs a member.
        found: The queryset to search.
        id: The object's primary key.
        workspace_of: Returns the workspace of an object.

    Raises:
        Refusal: 404 when it is absent or in another workspace; 403 when the user's role is too low.
    """
    thing = found.filter(pk=id).first() if len(id) <= 64 and id.isalnum() else None
    if thing is None:
        trail.about(subject=id)
        raise absent()
    workspace = workspace_of(thing)
    name = getattr(thing, "name", "")
    trail.about(kind=type(thing).__name__.lower(), subject=str(thing.pk), name=name, workspace=workspace or "")
    require(user, action, workspace)
    return thing


def require(user: User, action: str, workspace: str | None) -> str:
    """The user's role in a workspace, when it is enough.

    Raises:
        Refusal: 404 for a workspace they are not in, 403 for too low a role.
    """
    role = role_in(user, workspace)
    if role is None:
        raise absent()
    if not has_role(role, action):
        least = LEAST[action]
        raise Refusal(
            403,
            "role_too_low",
            f"This requires the role {least}; your role is {role}.",
            remedy="Ask an admin of the workspace for a higher role.",
        )
    if workspace is not None:
        add_context(workspace=workspace)
    return role


def is_operator(authorization: str) -> bool:
    """Whether a header has the installation's token for monitoring programs; without such a token there is no access."""
    token: str = settings.EASEL_METRICS_TOKEN
    return bool(token) and compare_digest(authorization.encode(), f"Bearer {token}".encode())


def workspace_for(user: User, action: str, id: object = None) -> Workspace:
    """The named workspace, else the user's first one in which they may do the action.

    Raises:
        Refusal: When there is none.
    """
    if id is None or id == "":
        return _first_workspace(user, action)
    if not isinstance(id, str):
        raise absent()
    return get_for(user, action, Workspace.objects.all(), id, attrgetter("pk"))


def _first_workspace(user: User, action: str) -> Workspace:
    roles = roles_of(user)
    chosen = next((workspace for workspace, role in roles.items() if has_role(role, action)), None)
    if chosen is None:
        raise Refusal(
            403,
            "no_workspace",
            f"You do not have the role {LEAST[action]} in any workspace.",
            remedy="Create a workspace, or ask an admin for a higher role.",
        )
    trail.about(workspace=chosen)
    return Workspace.objects.get(pk=chosen)


def visible(user: User, found: QuerySet[M], workspace: object = None, field: str = "workspace_id") -> QuerySet[M]:
    """The objects of a queryset that a user may see; of one workspace when one is named.

    Raises:
        Refusal: 404 for a workspace they are not in.
    """
    if workspace not in (None, ""):
        chosen = workspace_for(user, "pipeline.list", workspace)
        return found.filter(**{field: chosen.pk})
    return found.filter(**{f"{field}__in": list(roles_of(user))})


def revoked(user_id: Any, workspace: str) -> bool:
    """Whether a user has lost their membership or their account since they were admitted."""
    return not Membership.objects.filter(user_id=user_id, user__is_active=True, workspace_id=workspace).exists()
