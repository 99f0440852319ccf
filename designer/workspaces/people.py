"""Services on people, workspaces and membership."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from designer.audit import trail
from designer.http.errors import Refusal, absent
from designer.workspaces.models import ApiToken, Membership, Role, Workspace
from designer.workspaces.permissions import ROLES
from pipelines import flow


def name_of(user: User) -> str:
    """A person's display name."""
    return user.first_name or user.email.partition("@")[0] or user.username


def email_of(user: User) -> str:
    """A person's identifier in the audit trail."""
    return user.email or user.username


@transaction.atomic
def set_password(user: User, new: str) -> int:
    """Change a password. All tokens of the person are revoked, and Django's session hash ends all sessions; returns the number of tokens.

    Raises:
        Refusal: For a password that is easily guessed.
    """
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise Refusal(400, "weak_password", " ".join(error.messages), remedy="Enter another password.", field="password") from None
    user.set_password(new)
    user.save(update_fields=["password"])
    ended = end_tokens(user)
    trail.details(password="changed", tokens_ended=ended)
    return ended


def end_tokens(user: User) -> int:
    """Revoke all tokens of a person; returns how many."""
    gone, _ = ApiToken.objects.filter(user=user).delete()
    return gone


@transaction.atomic
def disable(user: User) -> int:
    """Disable an account, with its sessions and tokens; returns the number of tokens."""
    _set_active(user, False)
    return end_tokens(user)


@transaction.atomic
def enable(user: User) -> None:
    """Enable an account again."""
    _set_active(user, True)


def _set_active(user: User, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = "account.enable" if active else "account.disable"
    trail.record(trail.Draft(action, kind="person", subject=str(user.pk), name=email_of(user), via="command"))


@transaction.atomic
def make_person(email: str, *, name: str = "", password: str | None = None) -> User:
    """Create an account; one without a password can sign in by a link only."""
    user = User.objects.create_user(username=email.lower(), email=email.lower(), password=password)
    user.first_name = name[:150]
    user.save(update_fields=["first_name"])
    return user


@transaction.atomic
def make_workspace(name: str, owner: User) -> Workspace:
    """Create a workspace with its owner."""
    workspace = Workspace.objects.create(name=name)
    Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
    return workspace


def change_limits(workspace: Workspace, changes: Mapping[str, int | None]) -> None:
    """Change a workspace's limits; queued runs use them at once.

    Raises:
        Refusal: For more than the installation allows.
    """
    for name, value in changes.items():
        most = settings.EASEL_LIMITS.get(name)
        if value is not None and most is not None and value > most:
            words = f"{name.replace('_', ' ')}: the maximum of this installation is {most:,}."
            raise Refusal(
                400, "above_installation", words.capitalize(), remedy="Enter a lower value, or ask the administrator.", field=name
            )
    workspace.limits = {name: value for name, value in {**workspace.limits, **changes}.items() if value is not None}
    workspace.save(update_fields=["limits"])
    flow.change_limits(workspace.pk, workspace.limits_in_force())


@transaction.atomic
def delete_workspace(workspace: Workspace) -> None:
    """Delete a workspace with its pipelines, datasets, runs, results and stored files.

    Raises:
        Refusal: 409 while runs are active.
    """
    scope = workspace.pk
    workspace.delete()
    try:
        flow.purge(scope)
    except flow.RunsInProgress as going:
        words = "A run is" if going.runs == 1 else f"{going.runs} runs are"
        raise Refusal(
            409,
            "runs_going",
            f"{words} still in progress in this workspace.",
            remedy="Cancel it or wait until it has finished, then delete the workspace.",
        ) from None


def person_by_email(email: str) -> User:
    """The account of an email address.

    Raises:
        Refusal: When there is none.
    """
    user = User.objects.filter(username=email.lower(), is_active=True).first()
    if user is None:
        raise Refusal(404, "unknown_person", f"There is no account with the email {email}.", remedy="Send them an invitation link instead.")
    trail.about_person(user.pk, email_of(user))
    return user


@transaction.atomic
def add_member(workspace: Workspace, user: User, role: str, *, by_role: str) -> Membership:
    """Add a person to a workspace.

    Raises:
        Refusal: When they are a member, or the role is above the acting user's.
    """
    _not_above(role, by_role)
    membership, fresh = Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": role})
    if not fresh:
        raise Refusal(
            409,
            "already_member",
            f"{name_of(user)} is already a member of this workspace, as {membership.role}.",
            remedy="Change their role instead.",
        )
    return membership


@transaction.atomic
def change_role(membership: Membership, role: str, *, by_role: str) -> Membership:
    """Change a member's role.

    Raises:
        Refusal: When a role above the acting user's is affected, or no owner would be left.
    """
    trail.details(was=membership.role)
    _not_above(role, by_role)
    _not_above(membership.role, by_role)
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by_role: str) -> None:
    """Remove a person from a workspace.

    Raises:
        Refusal: When their role is above the acting user's, or no owner would be left.
    """
    trail.details(was=membership.role)
    _not_above(membership.role, by_role)
    _keep_an_owner(membership)
    membership.delete()


def membership_of(workspace: Workspace, user: str) -> Membership:
    """A person's membership.

    Raises:
        Refusal: When they are not in the workspace.
    """
    number = int(user) if user.isascii() and user.isdecimal() and len(user) < 19 else -1
    found = Membership.objects.select_related("user").filter(workspace=workspace, user_id=number)
    membership = found.first()
    if membership is None:
        raise absent()
    trail.about_person(membership.user_id, email_of(membership.user))
    return membership


def _not_above(role: str, by_role: str) -> None:
    if ROLES.index(role) > ROLES.index(by_role):
        raise Refusal(
            403,
            "role_too_low",
            f"Only owners can grant or revoke the role {role}; your role is {by_role}.",
            remedy="Ask an owner of the workspace.",
        )


def _keep_an_owner(membership: Membership) -> None:
    """Locks the owners, so that two who leave concurrently cannot leave the workspace without one."""
    owners = (
        Membership.objects.select_for_update().filter(workspace_id=membership.workspace_id, role=Role.OWNER).values_list("pk", flat=True)
    )
    if list(owners) == [membership.pk]:
        raise Refusal(409, "last_owner", "This is the last owner of the workspace.", remedy="Make another member owner first.")
