"""Websockets in the audit trail."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pycrdt import Doc, Map

from designer.audit.models import AuditEntry
from designer.documents import protocol, services
from tests.designer.conftest import make_team
from tests.designer.socket import Socket, opened


async def rows() -> list[tuple[Any, ...]]:
    wanted = ("action", "user_name", "kind", "subject", "name", "status", "code")
    return await sync_to_async(lambda: list(AuditEntry.objects.order_by("pk").values_list(*wanted)))()


def edit() -> bytes:
    doc: Doc[Any] = Doc()
    doc["meta"] = Map({"name": "Cars"})
    return protocol.update(doc.get_update())


async def until_ack(socket: Socket) -> None:
    while (await socket.receive())[:1] != bytes([protocol.ACK]):
        pass


@pytest.mark.django_db(transaction=True)
async def test_a_window_that_edits_leaves_one_row_and_one_that_is_refused_too() -> None:
    team = await sync_to_async(make_team)()
    pipeline = await sync_to_async(services.make)(team.workspace, team.people["editor"], "Cars")
    path = f"/ws/pipelines/{pipeline.pk}/"
    socket = await opened(path, team.people["editor"])
    for _ in range(3):
        await socket.send(edit())
        await until_ack(socket)
    await socket.close()
    watching = await opened(path, team.people["viewer"])
    await watching.close()
    for who in ("foreign", None):
        refused = await opened(path, team.people[who] if who else None)
        while not isinstance(await refused.receive(), int):
            pass
        await refused.close()
    forged = await opened(path, team.people["editor"], "http://evil.example")
    assert forged.code == 4403
    await forged.close()
    assert await rows() == [
        ("pipeline.edit", "editor@example.org", "pipeline", pipeline.pk, "Cars", 200, ""),
        ("socket.open", "foreign@example.org", "pipeline", pipeline.pk, "Cars", 404, "not_found"),
        ("socket.open", "", "pipeline", pipeline.pk, "Cars", 401, "signed_out"),
        ("socket.open", "editor@example.org", "pipeline", pipeline.pk, "Cars", 403, "foreign_origin"),
    ]
