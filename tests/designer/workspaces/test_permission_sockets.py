"""Every socket, every role, every origin: who gets through. Its tests see what other connections commit, so each makes a world of its own."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from designer.workspaces.permissions import ROLES
from tests.designer.socket import Socket, opened
from tests.designer.workspaces.test_permission_matrix import SOCKETS
from tests.designer.workspaces.world import make_world


async def closing_code(socket: Socket) -> int | None:
    """What a socket is closed with; None when it stays open."""
    if socket.code is not None or await socket.quiet():
        return socket.code
    said = await socket.receive()
    return said if isinstance(said, int) else None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", list(SOCKETS))
async def test_who_may_open_a_socket(address: str) -> None:
    world = await sync_to_async(make_world)()
    path = world.address(address, "viewer")
    for who, wanted in {"anonymous": 4401, "foreign": 4404, **dict.fromkeys(ROLES)}.items():
        socket = await opened(path, world.team.people.get(who))
        assert await closing_code(socket) == wanted, who
        await socket.close()
    absent = await opened(world.address(address, "viewer", pipeline="0" * 32, run="0" * 32), world.team.people["owner"])
    assert await closing_code(absent) == 4404
    await absent.close()
    for origin in ("http://evil.example", "http://localhost:1234", "null", ""):
        refused = await opened(path, world.team.people["owner"], origin)
        assert refused.code == 4403
