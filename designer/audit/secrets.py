"""Uses of secrets in the audit trail: a step of a run that opens the secret of a connection leaves a row."""

from __future__ import annotations

from typing import Any

from designer.audit import trail
from pipelines import flow
from pipelines.models import Connection, Run


def watch_secrets() -> None:
    """Record each use from now on."""
    flow.outside.secret_used.connect(_used, dispatch_uid="audit")


def _used(connection: str, run: str, node: str, **_: Any) -> None:
    found = Connection.objects.get(pk=connection)
    by = Run.objects.values_list("by", flat=True).filter(pk=run).first() or ""
    draft = trail.Draft("connection.use", "connection", str(found.pk), found.name, found.scope, user_name=by, via="worker")
    draft.details = {"run": run, "node": node}
    trail.record(draft)
