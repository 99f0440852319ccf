"""One-time links: signing in, and joining a workspace."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.http.errors import Refusal
from designer.workspaces.models import Invitation, Membership, SignInLink, Workspace
from designer.workspaces.people import make_person, make_workspace
from designer.workspaces.permissions import ROLES
from designer.workspaces.token_hashing import digest, new_secret

SIGN_IN_LASTS = timedelta(minutes=30)
INVITATION_LASTS = timedelta(days=7)
LOCAL_EMAIL = "you@localhost"


@transaction.atomic
def make_sign_in_link(user: User | None = None) -> str:
    """A path that signs a person in, once, within half an hour; at first start it creates the installation's owner."""
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lt=now).delete()
    secret = new_secret()
    SignInLink.objects.create(user=user or local_owner(), digest=digest(secret), expires_at=now + SIGN_IN_LASTS)
    return f"/sign-in/link/{secret}"


@transaction.atomic
def local_owner() -> User:
    """The first person of the installation; created, with a workspace, when there is none yet."""
    people = User.objects.filter(is_active=True)
    found = people.filter(username=LOCAL_EMAIL).first() or people.order_by("pk").first()
    if found is not None:
        return found
    owner = make_person(LOCAL_EMAIL, name="You")
    make_workspace("My workspace", owner)
    return owner


def local_workspace() -> Workspace:
    """The workspace of the command line, which runs on this machine without sign-in."""
    owner = local_owner()
    mine = Workspace.objects.filter(memberships__user=owner).order_by("memberships__since", "memberships__pk").first()
    return mine or make_workspace("My workspace", owner)


@transaction.atomic
def use_sign_in_link(secret: str) -> User | None:
    """The person that a link signs in; a link is valid once, also for two concurrent requests."""
    link = (
        SignInLink.objects.select_related("user").filter(digest=digest(secret), expires_at__gt=timezone.now(), user__is_active=True).first()
    )
    if link is None:
        return None
    used, _ = SignInLink.objects.filter(pk=link.pk).delete()
    return link.user if used else None


@transaction.atomic
def make_invitation(workspace: Workspace, role: str, *, by: User, by_role: str) -> str:
    """A path by which one person joins a workspace.

    Raises:
        Refusal: When the role is above one's own.
    """
    if ROLES.index(role) > ROLES.index(by_role):
        raise Refusal(403, "role_too_low", f"Only owners can invite as {role}; your role is {by_role}.", remedy="Select a lower role.")
    Invitation.objects.filter(expires_at__lt=timezone.now()).delete()
    secret = new_secret()
    Invitation.objects.create(
        workspace=workspace, role=role, digest=digest(secret), made_by=by, expires_at=timezone.now() + INVITATION_LASTS
    )
    return f"/join/{secret}"


def find_invitation(secret: str) -> Invitation | None:
    """A valid invitation."""
    return Invitation.objects.select_related("workspace").filter(digest=digest(secret), expires_at__gt=timezone.now()).first()


@transaction.atomic
def accept_invitation(invitation: Invitation, user: User) -> None:
    """Join, and use the link up; an existing member keeps their role."""
    used, _ = Invitation.objects.filter(pk=invitation.pk).delete()
    if not used:
        raise Refusal(410, "used", "This invitation has been used.", remedy="Ask for a new one.")
    Membership.objects.get_or_create(workspace=invitation.workspace, user=user, defaults={"role": invitation.role})
