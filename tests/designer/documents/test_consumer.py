"""Two windows on one document: what is kept, what is told, what is refused."""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import InMemoryChannelLayer
from pycrdt import Doc, Map

from designer.documents import consumer, framing, keeping, services, telling
from designer.documents.models import DraftUpdate, Pipeline
from designer.workspaces import socket as watched
from designer.workspaces.models import Membership
from tests.designer.conftest import Team, make_team
from tests.designer.documents import hostile
from tests.designer.socket import Socket, opened

pytestmark = pytest.mark.django_db(transaction=True)


class Window:
    """A browser's document on a socket."""

    def __init__(self, socket: Socket, doc: Doc[Any] | None = None) -> None:
        self.socket, self.acks, self.texts, self.awareness, self.code = socket, [0], [], [], None
        self.doc = doc or Doc()
        self.news: list[bytes] = []
        self._hearing = self.doc.observe(lambda event: self.news.append(event.update))

    async def synced(self) -> Window:
        await self.socket.send(framing.ask(self.doc.get_state()))
        await self.drain()
        return self

    async def drain(self, seconds: float = 0.25) -> None:
        """Take in what comes until it is quiet."""
        while not await self.socket.quiet(seconds):
            self.take(await self.socket.receive())
            seconds = 0.1

    def take(self, said: Any) -> None:
        if isinstance(said, int):
            self.code = said
        elif isinstance(said, str):
            self.texts.append(json.loads(said))
        elif said[0] == framing.ACK:
            self.acks.append(said[1])
        else:
            self.take_frame(framing.parse(said))

    def take_frame(self, frame: framing.Frame) -> None:
        if frame.kind in ("answer", "update"):
            self.doc.apply_update(frame.body)
            self.news.clear()
        elif frame.kind == "awareness":
            self.awareness.append(frame.body)

    async def name(self, text: str) -> None:
        """An edit, sent."""
        self.news.clear()
        self.doc.get("meta", type=Map)["name"] = text
        for news in self.news:
            await self.socket.send(framing.update(news))

    @property
    def said_name(self) -> Any:
        return self.doc.get("meta", type=Map).get("name")


@sync_to_async
def world() -> tuple[Team, Pipeline]:
    team = make_team()
    return team, services.make(team.workspace, team.people["editor"], "Cars")


async def window(team: Team, pipeline: Pipeline, who: str, doc: Doc[Any] | None = None) -> Window:
    return await Window(await opened(f"/ws/pipelines/{pipeline.pk}/", team.people[who]), doc).synced()


@sync_to_async
def stored(pipeline: Pipeline) -> tuple[int, str, int]:
    found = Pipeline.objects.get(pk=pipeline.pk)
    return found.revision, found.name, DraftUpdate.objects.filter(pipeline=pipeline).count()


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


async def test_offline_edits_of_two_people_are_both_kept() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    await one.socket.close()
    one.doc.get("nodes", type=Map)["a"] = Map({"module": "data.enter_data", "params": Map({}), "position": [1, 2]})
    await other.name("Meanwhile")
    await other.drain()
    back = await window(team, pipeline, "editor", one.doc)
    assert back.said_name == "Meanwhile"
    await back.socket.send(framing.answer(back.doc.get_update()))
    await back.drain()
    assert back.acks == [0], "an answer is not counted"
    await other.drain()
    assert "a" in other.doc.get("nodes", type=Map)
    _, reading = await sync_to_async(keeping.look)(pipeline.pk)
    assert set(reading.graph["nodes"]) == {"a"} and reading.graph["name"] == "Meanwhile"
    for each in (back, other):
        await each.socket.close()


async def test_what_is_known_already_is_acked_and_not_kept_twice() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    await one.socket.send(framing.update(one.doc.get_update()))
    await one.drain()
    assert one.acks[-1] == 1
    assert (await stored(pipeline))[0] == 1
    await one.socket.close()


async def test_viewers_see_edits_and_may_make_none() -> None:
    team, pipeline = await world()
    viewer, editor = await window(team, pipeline, "viewer"), await window(team, pipeline, "editor")
    await viewer.socket.send(framing.answer(viewer.doc.get_update(viewer.doc.get_state())))
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


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x02",
        b"\x00\x07\x00",
        b"\x00\x02\x05ab",
        b"\x00\x02\x02\xff\xff",
        b"\x00\x00\x01\xff",
        b"\x01\x80",
        b"\x01\x03\xff\x01\x01",
        b"\x80" * 40,
        "text",
    ],
)
async def test_bytes_that_are_no_message_close_the_socket(data: bytes | str) -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    await one.socket.send(data)
    await one.drain()
    assert one.code == 4400
    await one.socket.close()


async def test_random_bytes_never_break_anything() -> None:
    team, pipeline = await world()
    dice = random.Random(7)
    good = framing.update(Doc().get_update())
    for _ in range(30):
        one = await window(team, pipeline, "editor")
        data = bytearray(good if dice.random() < 0.5 else dice.randbytes(dice.randrange(1, 60)))
        data[0:2] = bytes([dice.randrange(2), dice.randrange(3)])
        await one.socket.send(bytes(data))
        await one.drain(0.02)
        assert one.code in (None, 4400)
        await one.socket.close()
    assert (await sync_to_async(keeping.look)(pipeline.pk))[1].graph["name"] == "Cars"


async def test_an_edit_that_comes_before_the_one_it_builds_on_is_kept_too() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    one.news.clear()
    for text in ("first", "second"):
        one.doc.get("meta", type=Map)["name"] = text
    for news in reversed(one.news):
        await one.socket.send(framing.update(news))
        keeping._open.clear()
        await one.drain()
    assert one.acks[-1] == 2
    assert await stored(pipeline) == (3, "second", 3)
    await one.socket.close()


async def test_a_large_edit_and_a_missed_message_are_read_from_the_database() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    one.news.clear()
    one.doc.get("notes", type=Map)["n"] = {"text": "x" * 200_000}
    await one.socket.send(framing.update(one.news[0]))
    await one.drain()
    await other.drain()
    assert len(other.doc.get("notes", type=Map)["n"]["text"]) == 200_000
    await sync_to_async(keeping.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": "untold"}), None)
    await one.name("told")
    await other.drain()
    nodes, name = other.doc.get("nodes", type=Map), other.said_name
    assert name in ("told", "untold") and len(nodes) == 0
    assert other.doc.get_state() == (await sync_to_async(keeping.vector)(pipeline.pk))[1]
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
    await telling.send(pipeline.pk, {"type": "draft.run", "run": {"id": "r", "state": "waiting"}})
    await one.drain()
    assert one.texts == [{"run": {"id": "r", "state": "waiting"}}]
    await sync_to_async(services.delete)(pipeline)
    await one.drain()
    assert one.code == 4404
    await one.socket.close()


async def test_who_is_here_is_relayed_told_to_newcomers_and_taken_back() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    states = bytes([1, 5, 1, 2]) + b"{}"
    await one.socket.send(framing.awareness(states))
    await one.drain()
    other = await window(team, pipeline, "viewer")
    await other.drain()
    assert other.awareness == [states]
    assert one.awareness == []
    await one.socket.close()
    await other.drain()
    assert framing.clients(other.awareness[-1]) == {5: 2} and other.awareness[-1].endswith(b"null")
    await other.socket.close()


async def test_awareness_is_relayed_at_a_bounded_rate() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "viewer")
    for clock in range(100):
        await one.socket.send(framing.awareness(bytes([1, 5, clock, 2]) + b"{}"))
    await one.drain()
    await other.drain()
    assert len(other.awareness) < 20
    assert framing.clients(other.awareness[-1]) == {5: 99}
    for each in (one, other):
        await each.socket.close()


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
    await sync_to_async(keeping.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": "untold"}), None)
    await one.drain(1)
    assert one.said_name == "untold"
    await one.socket.close()


async def test_an_edit_is_acked_though_nobody_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    told = asyncio.Event()
    monkeypatch.setattr(telling, "send", lambda *_: told.wait())
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


async def told(pipeline: Pipeline, name: str) -> dict[str, Any]:
    """An edit that was kept, as another process tells of it."""
    kept = await sync_to_async(keeping.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": name}), None)
    return telling.edited(kept)


async def test_edits_that_overtake_each_other_are_put_in_order_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    monkeypatch.setattr(keeping, "since", lambda *_: pytest.fail("it was on its way"))
    monkeypatch.setattr(consumer, "MISSING_FOR", 0.5)
    first, second, third = [await told(pipeline, name) for name in ("a", "b", "c")]
    for message in (third, second, first, first):
        await telling.send(pipeline.pk, message)
    await one.drain(0.3)
    assert one.said_name == "c"
    await one.socket.close()


async def test_an_edit_whose_message_is_lost_is_read_once_for_all_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    windows = [await window(team, pipeline, "viewer") for _ in range(5)]
    reads, since = [], keeping.since

    def slow(pipeline: str, after: int) -> tuple[int, list[bytes]]:
        reads.append(after)
        time.sleep(0.4)
        return since(pipeline, after)

    monkeypatch.setattr(keeping, "since", slow)
    await told(pipeline, "lost")
    await telling.send(pipeline.pk, await told(pipeline, "heard"))
    for each in windows:
        await each.drain(1.0)
    assert [each.said_name for each in windows] == ["heard"] * 5
    assert reads == [1]
    for each in windows:
        await each.socket.close()


async def test_an_edit_nested_too_deep_is_refused_in_words_and_others_go_on() -> None:
    team, pipeline = await world()
    bad, good = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    for deep in (61, 40_000):
        await bad.socket.send(framing.update(hostile.nested_lists(deep)))
        await bad.drain(2)
        assert bad.code == 4400 and bad.texts[-1]["error"]["code"] == "too_deep" and bad.texts[-1]["error"]["remedy"]
        await bad.socket.close()
        bad = await window(team, pipeline, "editor")
    await good.name("Prices")
    await good.drain()
    await bad.drain()
    assert good.acks[-1] == 1 and bad.said_name == "Prices"
    for each in (bad, good):
        await each.socket.close()


async def test_a_draft_that_cannot_be_read_is_said_in_words_when_it_is_opened() -> None:
    team, pipeline = await world()
    await DraftUpdate.objects.acreate(pipeline=pipeline, revision=2, update=hostile.nested_lists(20_000))
    await Pipeline.objects.filter(pk=pipeline.pk).aupdate(revision=2)
    keeping._open.clear()
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    assert json.loads(await socket.receive())["error"]["code"] == "draft_unreadable"
    assert await socket.receive() == 4404
    await socket.close()


async def test_a_newcomer_is_told_once_who_is_there_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    windows = [await window(team, pipeline, "viewer") for _ in range(4)]
    for number, each in enumerate(windows):
        await each.socket.send(framing.awareness(bytes([1, 5 + number, 1, 2]) + b"{}"))
    await windows[0].drain(1)
    other = await window(team, pipeline, "editor")
    await other.drain(1)
    assert len(other.awareness) == 1
    assert framing.clients(other.awareness[0]) == {5: 1, 6: 1, 7: 1, 8: 1}
    for each in (*windows, other):
        await each.socket.close()
    assert consumer._here == {}
