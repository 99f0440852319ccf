"""Audit of websockets: refused and closed sockets, and one row for each socket that edits, not one for each edit."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.contrib.auth.models import User
from django.db.models import Model

from designer.audit import trail
from designer.documents.models import Pipeline
from designer.documents.protocol import ACK
from designer.workspaces.consumer_base import FOREIGN, NOT_HERE, SIGNED_OUT
from designer.workspaces.people import email_of
from pipelines.models import Run

STATUS = {SIGNED_OUT: (401, "signed_out"), NOT_HERE: (404, "not_found"), FOREIGN: (403, "foreign_origin")}


class SocketAudit:
    """ASGI middleware that reads outgoing messages: the first ack marks an editing socket, a close code the reason for closing."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        edits = False

        async def heard(message: dict[str, Any]) -> None:
            nonlocal edits
            await send(message)
            if message["type"] == "websocket.close" and message.get("code") in STATUS:
                await _record(scope, "socket.open", *STATUS[message["code"]])
            elif not edits and (message.get("bytes") or b"")[:1] == bytes([ACK]):
                edits = True
                await _record(scope, "pipeline.edit", 200, "")

        await self.application(scope, receive, heard)


async def _record(scope: dict[str, Any], action: str, status: int, code: str) -> None:
    await database_sync_to_async(_write, thread_sensitive=False)(scope, action, status, code)


def _write(scope: dict[str, Any], action: str, status: int, code: str) -> None:
    user, path = scope["user"], scope["path"].split("/")
    draft = trail.Draft(action, via="window", code=code, address=(scope.get("client") or ("",))[0])
    if isinstance(user, User):
        draft.user_id, draft.user_name = user.pk, email_of(user)
    if len(path) > 3 and path[1] == "ws":
        draft.kind, draft.subject = path[2].rstrip("s"), path[3]
        draft.workspace, draft.name = _place(draft.kind, draft.subject)
    trail.record(draft, status)


def _place(kind: str, id: str) -> tuple[str, str]:
    """The workspace and name of the socket's object; empty when it does not exist."""
    if not id.isalnum():
        return "", ""
    if kind == "run":
        found: Model | None = Run.objects.filter(pk=id).only("scope").first()
        return (found.scope, "") if isinstance(found, Run) else ("", "")
    pipeline = Pipeline.objects.filter(pk=id).only("workspace_id", "name").first()
    return (pipeline.workspace_id, pipeline.name) if pipeline else ("", "")
