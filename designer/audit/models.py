"""The audit trail: an append-only table; only retention removes rows."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnly(models.QuerySet["AuditEntry"]):
    """Forbids updates and deletes through the ORM. A database trigger forbids them too."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the audit trail is not changed")

    def delete(self) -> NoReturn:
        raise TypeError("only designer.audit.trail.forget_old removes rows of the audit trail")


class Outcome(models.TextChoices):
    """The outcome of an action."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEntry(models.Model):
    """One action of a person, done or refused. Objects are named by id, without foreign keys: the row outlives them."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=254)
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    workspace = models.CharField(max_length=32)
    address = models.CharField(max_length=64)
    request_id = models.CharField(max_length=64)
    via = models.CharField(max_length=10)
    token = models.CharField(max_length=32)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    details = models.JSONField(default=dict)

    objects = AppendOnly.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], name="audit_of_workspace"),
            models.Index(fields=["user_id", "action", "-id"], name="audit_of_person"),
            models.Index(fields=["kind", "subject", "-id"], name="audit_of_subject"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the audit trail is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("only designer.audit.trail.forget_old removes rows of the audit trail")
