"""Whose pages may open a socket, and how sockets end."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import OperationalError
from pycrdt import Doc, Map

from designer import rate_table
from designer.documents import protocol, repository, services
from designer.documents.models import Pipeline
from designer.workspaces import consumer_base as watched
from designer.workspaces.consumer_base import same_origin
from tests.designer.conftest import Team, make_team
from tests.designer.socket import Socket, cookie_of, opened


@pytest.mark.parametrize(
    ("origin", "host", "taken"),
    [
        ("http://localhost:8000", "localhost:8000", True),
        ("https://127.0.0.1", "127.0.0.1", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("https://easel.example", "backend", True),
        ("http://localhost:3000", "localhost:8000", False),
        ("http://evil.example", "localhost:8000", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost:8000.evil.example", "localhost:8000", False),
        ("null", "localhost:8000", False),
        ("", "", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_only_pages_of_this_host(settings: Any, origin: str, host: str, taken: bool) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://easel.example"]
    assert same_origin({b"origin": origin.encode(), b"host": host.encode()}) is taken


@sync_to_async
def world() -> tuple[Team, Pipeline]:
    team = make_team()
    return team, services.make(team.workspace, team.people["editor"], "Cars")


def watchers() -> int:
    return sum(task.get_coro().__qualname__ == "WatchedConsumer._watch" for task in asyncio.all_tasks())


def an_edit(name: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("meta", type=Map)["name"] = name
    return protocol.update(doc.get_update())


@pytest.mark.django_db(transaction=True)
async def test_a_window_that_is_cut_while_its_edit_is_in_hand_is_let_go() -> None:
    """uvicorn raises an OSError from whatever is sent to a browser that is gone."""
    team, pipeline = await world()
    cookie, layer = await cookie_of(team.people["editor"]), get_channel_layer()
    cut: list[Socket] = []
    for number in range(20):
        socket = Socket(f"/ws/pipelines/{pipeline.pk}/", cookie)
        gone = asyncio.Event()
        application = socket.wire.application

        async def fragile(scope: Any, receive: Any, send: Any, gone: Any = gone, application: Any = application) -> None:
            async def say(message: Any) -> None:
                if gone.is_set():
                    raise OSError("the browser is gone")
                await send(message)

            await application(scope, receive, say)

        socket.wire.application = fragile
        await socket.open()
        await socket.receive()
        gone.set()
        await socket.send(an_edit(f"name {number}"))
        await socket.close()
        cut.append(socket)
    assert watchers() == 0
    assert layer.groups == {}
    assert await sync_to_async(lambda: Pipeline.objects.get().revision)() == 21, "what was kept stays"


@pytest.mark.django_db(transaction=True)
async def test_a_window_leaves_its_groups_later_when_redis_does_not_answer_now(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    cookie, layer, asked = await cookie_of(team.people["viewer"]), get_channel_layer(), 0
    real = InMemoryChannelLayer.group_discard

    async def hangs_at_first(self: InMemoryChannelLayer, group: str, channel: str) -> None:
        nonlocal asked
        asked += 1
        if asked <= 3:
            raise TimeoutError("Redis did not answer")
        await real(self, group, channel)

    monkeypatch.setattr(InMemoryChannelLayer, "group_discard", hangs_at_first)
    monkeypatch.setattr(watched, "LEAVE_AGAIN_AFTER", (0.05, 0.05))
    socket = await Socket(f"/ws/pipelines/{pipeline.pk}/", cookie).open()
    await socket.receive()
    await socket.close()
    assert layer.groups != {}
    await asyncio.sleep(0.5)
    assert layer.groups == {} and asked == 5 and not watched._leaving


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
async def test_many_windows_that_come_and_go_leave_nothing() -> None:
    team, pipeline = await world()
    cookie, layer = await cookie_of(team.people["viewer"]), get_channel_layer()

    async def visit() -> None:
        socket = await Socket(f"/ws/pipelines/{pipeline.pk}/", cookie).open()
        assert isinstance(await socket.receive(), bytes)
        await socket.close()

    for _ in range(5):
        await asyncio.gather(*(visit() for _ in range(10)))
    assert watchers() == 0 and layer.groups == {}


@pytest.mark.django_db(transaction=True)
async def test_a_newcomer_that_cannot_be_told_ends_no_window(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError("Too many connections")

    team, pipeline = await world()
    one = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    await one.receive()
    await one.send(protocol.awareness(bytes([1, 5, 1, 2]) + b"{}"))
    monkeypatch.setattr(InMemoryChannelLayer, "send", away)
    other = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["viewer"])
    await other.receive()
    assert await one.quiet(0.3)
    await one.send(an_edit("still here"))
    assert (await one.receive())[0] == protocol.ACK
    for each in (one, other):
        await each.close()


@pytest.mark.django_db(transaction=True)
async def test_a_database_that_is_away_closes_the_socket_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("the database is locked")

    team, pipeline = await world()
    one = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    await one.receive()
    monkeypatch.setattr(repository, "append", away)
    await one.send(an_edit("lost"))
    assert await one.receive() == 1013
    await one.close()


@pytest.mark.django_db(transaction=True)
async def test_who_sends_too_fast_is_told_slowed_and_closed(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.EASEL_RATES = {**settings.EASEL_RATES, "socket.message": rate_table.table("socket.message=20/minute")["socket.message"]}
    monkeypatch.setattr(watched, "SLOWED_BY", 0.001)
    team, pipeline = await world()
    one = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    await one.receive()
    for number in range(60):
        await one.send(an_edit(f"name {number}"))
    said = [await one.receive()]
    while not isinstance(said[-1], int):
        said.append(await one.receive())
    assert said[-1] == 4429
    complaints = [json.loads(text)["error"] for text in said if isinstance(text, str)]
    assert [complaint["code"] for complaint in complaints] == ["too_many"] and complaints[0]["remedy"]
    await one.close()


async def test_an_address_that_is_none_is_closed_with_its_code() -> None:
    socket = Socket("/ws/nowhere/")
    await socket.open()
    assert await socket.receive() == 4404
    await socket.wire.wait(5)
