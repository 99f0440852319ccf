"""Writes to the audit trail. `Endpoint`, `Page` and `SocketAudit` open a draft and write it with the response; other code adds details."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import CharField
from django.utils import timezone

from designer.actions import TABLE, UNKNOWN
from designer.audit.models import AuditEntry, Outcome
from designer.http import rate_limits
from pipelines.flow import context_value

log = logging.getLogger(__name__)
LONGEST_DETAIL = 200


@dataclass
class Draft:
    """A row that is not yet written."""

    action: str
    kind: str = ""
    subject: str = ""
    name: str = ""
    workspace: str = ""
    user_id: int | None = None
    user_name: str = ""
    address: str = ""
    via: str = ""
    token: str = ""
    code: str = ""
    details: dict[str, Any] = field(default_factory=dict)


_draft: ContextVar[Draft | None] = ContextVar("audit_draft", default=None)


@contextmanager
def drafting(action: str) -> Iterator[Draft]:
    """Make this draft the current one inside the block."""
    before = _draft.set(Draft(action))
    draft = _draft.get()
    assert draft is not None
    try:
        yield draft
    finally:
        _draft.reset(before)


def about(**facts: str) -> None:
    """Add known facts to the current draft: kind, subject, name, workspace, code. Without a draft it does nothing."""
    if (draft := _draft.get()) is not None:
        for name, fact in facts.items():
            setattr(draft, name, fact)


def about_person(id: object, name: str) -> None:
    """Set a person as the subject of the current action."""
    about(kind="person", subject=str(id), name=name)


def details(**more: Any) -> None:
    """Add details to the current draft; no secrets."""
    if (draft := _draft.get()) is not None:
        draft.details |= more


def keep_of(body: Mapping[str, Any]) -> None:
    """The fields of a validated body that the audit map stores; a switch only when it is on."""
    if (draft := _draft.get()) is not None:
        details(**{name: body[name] for name in TABLE.get(draft.action, UNKNOWN).keeps if body.get(name, False) is not False})


def record(draft: Draft, status: int = 200) -> None:
    """Write a row. A failure never fails the audited action: the row is then logged.

    Refusals above the rate `audit.refused` are dropped, with one row a minute that records this: refused calls must not fill the disk.
    """
    outcome = Outcome.ALLOWED if status < 400 else Outcome.REFUSED if status < 500 else Outcome.FAILED
    if outcome is Outcome.REFUSED:
        who = f"person:{draft.user_id}" if draft.user_id is not None else rate_limits.address_key(draft.address)
        if rate_limits.hit("audit.refused", who) is not None:
            if rate_limits.hit("audit.gap", who) is not None:
                return
            draft = Draft("audit.gap", user_id=draft.user_id, user_name=draft.user_name, address=draft.address, code="too_many")
    row = _row(draft) | {"outcome": outcome, "status": status}
    try:
        AuditEntry.objects.create(**row)
    except Exception as fault:  # the database is unavailable or full
        log.error("an audit row could not be written (%s): %s", fault, json.dumps(row, default=str))


def _row(draft: Draft) -> dict[str, Any]:
    """The row's values, each cut to its column's length; NUL is removed because PostgreSQL rejects it."""
    facts: dict[str, Any] = {**asdict(draft), "request_id": context_value("request_id")}
    for column in AuditEntry._meta.fields:
        if isinstance(column, CharField) and column.name in facts:
            facts[column.name] = str(facts[column.name]).replace("\x00", "")[: column.max_length]
    facts["details"] = {name: _short(value) for name, value in draft.details.items()}
    return facts


def _short(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value).replace("\x00", "")[:LONGEST_DETAIL]


def forget_old() -> int:
    """Delete rows past the retention; returns how many."""
    if not settings.EASEL_AUDIT_DAYS:
        return 0
    past = AuditEntry.objects.filter(at__lt=timezone.now() - timedelta(days=settings.EASEL_AUDIT_DAYS))
    return past._raw_delete(past.db)
