"""Who signs out, is disabled or loses a membership is cut off at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from pycrdt import Doc, Map

from designer.documents import protocol, repository, services
from designer.documents.models import Pipeline
from designer.workspaces import recheck
from designer.workspaces.models import Membership
from tests.designer.conftest import Team, make_team
from tests.designer.socket import Socket, opened

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def world() -> tuple[Team, Pipeline]:
    team = make_team()
    return team, services.make(team.workspace, team.people["editor"], "Cars")


def sign_out(team: Team, person: User) -> None:
    Session.objects.get().delete()


def disable(team: Team, person: User) -> None:
    person.is_active = False
    person.save()


def change_password(team: Team, person: User) -> None:
    person.set_password("something else")
    person.save()


def remove(team: Team, person: User) -> None:
    Membership.objects.get(workspace=team.workspace, user=person).delete()


def delete_workspace(team: Team, person: User) -> None:
    team.workspace.delete()


EVENTS: dict[Callable[[Team, User], None], int] = {
    sign_out: 4401,
    disable: 4401,
    change_password: 4401,
    remove: 4404,
    delete_workspace: 4404,
}


async def closing_code(socket: Socket) -> int:
    until = time.monotonic() + 1
    while time.monotonic() < until:
        if isinstance(said := await socket.receive(1), int):
            return said
    raise AssertionError("still open")


def an_edit() -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("meta", type=Map)["name"] = "after"
    return protocol.update(doc.get_update())


@pytest.mark.parametrize("event", EVENTS)
async def test_sockets_are_closed_within_a_second(event: Callable[[Team, User], None]) -> None:
    team, pipeline = await world()
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    await socket.receive()
    await sync_to_async(event)(team, team.people["editor"])
    assert await closing_code(socket) == EVENTS[event]
    await socket.close()


@pytest.mark.parametrize("event", [sign_out, disable, change_password, remove])
async def test_an_edit_is_refused_even_if_no_message_came(event: Callable[[Team, User], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recheck, "_send", lambda person: None)
    team, pipeline = await world()
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    await socket.receive()
    await sync_to_async(event)(team, team.people["editor"])
    await socket.send(an_edit())
    assert await closing_code(socket) == EVENTS[event]
    assert (await sync_to_async(repository.read_draft)(pipeline.pk))[0] == 1
    await socket.close()


async def test_others_and_lesser_changes_cut_nobody_off() -> None:
    team, pipeline = await world()
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["owner"])
    await socket.receive()
    await sync_to_async(disable)(team, team.people["editor"])
    await sync_to_async(team.people["owner"].save)(update_fields=["last_login"])
    await socket.send(an_edit())
    assert (await socket.receive())[0] == protocol.ACK
    assert await socket.quiet()
    await socket.close()


def test_a_redis_that_is_away_stops_nobody_from_signing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        async def group_send(self, *_: object) -> None:
            raise ConnectionError

    monkeypatch.setattr(recheck, "get_channel_layer", Away)
    recheck._send(1)
