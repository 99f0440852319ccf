"""Two windows on one document: what is kept, what is told, what is refused."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer
from pycrdt import Map

from designer.documents import broadcast, protocol, repository, services
from designer.workspaces import consumer_base as watched
from designer.workspaces.models import Membership
from tests.designer.documents.window import stored, window, world
from tests.designer.socket import opened

pytestmark = pytest.mark.django_db(transaction=True)


async def test_an_edit_is_kept_then_acked_then_told() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    assert one.said_name == other.said_name == "Cars"
    await one.name("Prices")
    await one.drain()
    assert one.acks[-1] == 1
    assert await stored(pipeline) == (2, "Prices", 2)
    await other.drain()
    assert other.said_name == "Prices"
    for each in (one, other):
        await each.socket.close()


@pytest.mark.slow
async def test_offline_edits_of_two_people_are_both_kept() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    await one.socket.close()
    one.doc.get("nodes", type=Map)["a"] = Map({"module": "data.enter_data", "params": Map({}), "position": [1, 2]})
    await other.name("Meanwhile")
    await other.drain()
    back = await window(team, pipeline, "editor", one.doc)
    assert back.said_name == "Meanwhile"
    await back.socket.send(protocol.sync_reply(back.doc.get_update()))
    await back.drain()
    assert back.acks == [0], "an answer is not counted"
    await other.drain()
    assert "a" in other.doc.get("nodes", type=Map)
    _, reading = await sync_to_async(repository.read_draft)(pipeline.pk)
    assert set(reading.graph["nodes"]) == {"a"} and reading.graph["name"] == "Meanwhile"
    for each in (back, other):
        await each.socket.close()


async def test_what_is_known_already_is_acked_and_not_kept_twice() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    await one.socket.send(protocol.update(one.doc.get_update()))
    await one.drain()
    assert one.acks[-1] == 1
    assert (await stored(pipeline))[0] == 1
    await one.socket.close()


async def test_viewers_see_edits_and_may_make_none() -> None:
    team, pipeline = await world()
    viewer, editor = await window(team, pipeline, "viewer"), await window(team, pipeline, "editor")
    await viewer.socket.send(protocol.sync_reply(viewer.doc.get_update(viewer.doc.get_state())))
    await viewer.drain()
    assert viewer.texts == []
    await viewer.name("Mine")
    await viewer.drain()
    assert viewer.texts[-1]["error"]["code"] == "read_only"
    assert viewer.code is None
    await editor.name("Ours")
    await viewer.drain()
    assert (await stored(pipeline))[:2] == (2, "Ours")
    for each in (viewer, editor):
        await each.socket.close()


async def test_an_edit_that_comes_before_the_one_it_builds_on_is_kept_too() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    one.news.clear()
    for text in ("first", "second"):
        one.doc.get("meta", type=Map)["name"] = text
    for news in reversed(one.news):
        await one.socket.send(protocol.update(news))
        repository._open.clear()
        await one.drain()
    assert one.acks[-1] == 2
    assert await stored(pipeline) == (3, "second", 3)
    await one.socket.close()


async def test_a_large_edit_and_a_missed_message_are_read_from_the_database() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    one.news.clear()
    one.doc.get("notes", type=Map)["n"] = {"text": "x" * 200_000}
    await one.socket.send(protocol.update(one.news[0]))
    await one.drain()
    await other.drain()
    assert len(other.doc.get("notes", type=Map)["n"]["text"]) == 200_000
    await sync_to_async(repository.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": "untold"}), None)
    await one.name("told")
    await other.drain()
    nodes, name = other.doc.get("nodes", type=Map), other.said_name
    assert name in ("told", "untold") and len(nodes) == 0
    assert other.doc.get_state() == (await sync_to_async(repository.vector)(pipeline.pk))[1]
    for each in (one, other):
        await each.socket.close()


async def test_writing_over_rest_is_seen_in_open_windows() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    document = {
        **services.EMPTY,
        "name": "By REST",
        "nodes": {"a": {"module": "data.enter_data", "params": {"text": "x"}, "position": [0, 0]}},
    }
    await sync_to_async(services.replace)(pipeline, document, team.people["editor"], 1)
    await one.drain()
    assert one.said_name == "By REST"
    assert one.doc.get("nodes", type=Map)["a"]["params"]["text"] == "x"
    await one.socket.close()


async def test_a_run_and_a_deletion_are_told() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    await broadcast.send(pipeline.pk, {"type": "draft.run", "run": {"id": "r", "state": "waiting"}})
    await one.drain()
    assert one.texts == [{"run": {"id": "r", "state": "waiting"}}]
    await sync_to_async(services.delete)(pipeline)
    await one.drain()
    assert one.code == 4404
    await one.socket.close()


async def test_losing_membership_or_the_session_closes_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.2)
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    await sync_to_async(Membership.objects.filter(user=team.people["editor"]).delete)()
    await one.name("after")
    await one.drain(1)
    assert one.code == 4404
    assert (await stored(pipeline))[1] == "Cars"
    await sync_to_async(team.people["owner"].set_password)("something else")
    await sync_to_async(team.people["owner"].save)()
    await other.drain(1)
    assert other.code == 4401
    for each in (one, other):
        await each.socket.close()


async def test_what_no_message_told_is_found_by_looking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.2)
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    await sync_to_async(repository.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": "untold"}), None)
    await one.drain(1)
    assert one.said_name == "untold"
    await one.socket.close()


async def test_an_edit_is_acked_though_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    told = asyncio.Event()
    monkeypatch.setattr(broadcast, "send", lambda *_: told.wait())
    await one.name("Prices")
    await one.drain()
    assert one.acks[-1] == 1
    told.set()
    await one.socket.close()


async def test_a_window_that_cannot_hear_of_changes_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise TimeoutError

    team, pipeline = await world()
    monkeypatch.setattr(InMemoryChannelLayer, "group_add", away)
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    assert await socket.receive() == 1013
    await socket.close()
