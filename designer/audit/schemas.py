"""What the API of the audit trail answers."""

from __future__ import annotations

from typing import Any

import msgspec

from designer.actions import TABLE, UNKNOWN
from designer.audit import models
from designer.audit.models import Outcome
from designer.http.openapi import Instant


class AuditEntry(msgspec.Struct):
    """An action of a person, done or refused."""

    id: int
    at: Instant
    who: str
    user: str | None
    action: str
    words: str
    kind: str
    subject: str
    name: str
    workspace: str
    outcome: Outcome
    status: int
    code: str
    via: str
    token: str
    address: str
    request_id: str
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: models.AuditEntry) -> AuditEntry:
        """A row of the trail."""
        return cls(
            id=entry.pk,
            at=entry.at,
            who=entry.user_name,
            user=None if entry.user_id is None else str(entry.user_id),
            action=entry.action,
            words=TABLE.get(entry.action, UNKNOWN).words or entry.action,
            kind=entry.kind,
            subject=entry.subject,
            name=entry.name,
            workspace=entry.workspace,
            outcome=Outcome(entry.outcome),
            status=entry.status,
            code=entry.code,
            via=entry.via,
            token=entry.token,
            address=entry.address,
            request_id=entry.request_id,
            details=entry.details,
        )


class AuditPage(msgspec.Struct):
    """Rows from the newest on, where the next page begins, and the words for every action."""

    entries: list[AuditEntry]
    next: int | None
    actions: dict[str, str]
