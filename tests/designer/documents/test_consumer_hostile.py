"""Bytes that are no edit, edits that are too deep, drafts that cannot be read."""

from __future__ import annotations

import json
import random

import pytest
from asgiref.sync import sync_to_async
from pycrdt import Doc

from designer.documents import protocol, repository
from designer.documents.models import DraftUpdate, Pipeline
from tests.designer.documents import hostile
from tests.designer.documents.window import window, world
from tests.designer.socket import opened

pytestmark = pytest.mark.django_db(transaction=True)


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


@pytest.mark.slow
async def test_random_bytes_never_break_anything() -> None:
    team, pipeline = await world()
    dice = random.Random(7)
    good = protocol.update(Doc().get_update())
    for _ in range(30):
        one = await window(team, pipeline, "editor")
        data = bytearray(good if dice.random() < 0.5 else dice.randbytes(dice.randrange(1, 60)))
        data[0:2] = bytes([dice.randrange(2), dice.randrange(3)])
        await one.socket.send(bytes(data))
        await one.drain(0.02)
        assert one.code in (None, 4400)
        await one.socket.close()
    assert (await sync_to_async(repository.read_draft)(pipeline.pk))[1].graph["name"] == "Cars"


@pytest.mark.slow
async def test_an_edit_nested_too_deep_is_refused_in_words_and_others_go_on() -> None:
    team, pipeline = await world()
    bad, good = await window(team, pipeline, "editor"), await window(team, pipeline, "owner")
    for deep in (61, 40_000):
        await bad.socket.send(protocol.update(hostile.nested_lists(deep)))
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
    repository._open.clear()
    socket = await opened(f"/ws/pipelines/{pipeline.pk}/", team.people["editor"])
    assert json.loads(await socket.receive())["error"]["code"] == "draft_unreadable"
    assert await socket.receive() == 4404
    await socket.close()
