"""Immediate permission rechecks of open sockets: after a sign-out, a disabled account, or a lost membership."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from designer.http.channel_layer import log_throttled
from designer.workspaces.models import Membership

CUTS_OFF = {"is_active", "password"}


def group(person: Any) -> str:
    """The channel group of a person's open sockets, in all processes."""
    return f"person.{person}"


def recheck(person: Any) -> None:
    """After the commit, make all sockets of a person recheck. They also recheck periodically, should this message be lost."""
    transaction.on_commit(lambda: _send(person))


def _send(person: Any) -> None:
    layer: Any = get_channel_layer()
    try:
        async_to_sync(layer.group_send)(group(person), {"type": "look.now"})
    except Exception as fault:  # redis raises many kinds of error
        log_throttled("the sockets of a person who signed out or lost access look a little later", fault)


def _user_saved(instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any) -> None:
    if not created and (update_fields is None or CUTS_OFF & update_fields):
        recheck(instance.pk)


def _membership_changed(instance: Membership, **_: Any) -> None:
    recheck(instance.user_id)


def _session_deleted(instance: Session, **_: Any) -> None:
    """A session that is deleted before it expires was signed out."""
    person = instance.get_decoded().get(SESSION_KEY) if instance.expire_date > timezone.now() else None
    if person is not None:
        recheck(person)


def connect() -> None:
    """Connect the signals of all relevant model changes."""
    post_save.connect(_user_saved, User)
    post_save.connect(_membership_changed, Membership)
    post_delete.connect(_membership_changed, Membership)
    post_delete.connect(_session_deleted, Session)
