"""Messages between processes that overtake each other or are lost."""

from __future__ import annotations

import time
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from pycrdt import Map

from designer.documents import broadcast, consumer, repository
from designer.documents.models import Pipeline
from designer.workspaces import consumer_base as watched
from tests.designer.documents.window import window, world

pytestmark = pytest.mark.django_db(transaction=True)


async def told(pipeline: Pipeline, name: str) -> dict[str, Any]:
    """An edit that was kept, as another process tells of it."""
    kept = await sync_to_async(repository.edit)(pipeline.pk, lambda doc: doc.get("meta", type=Map).update({"name": name}), None)
    return broadcast.edited(kept)


async def test_edits_that_overtake_each_other_are_put_in_order_without_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    monkeypatch.setattr(repository, "since", lambda *_: pytest.fail("it was on its way"))
    monkeypatch.setattr(consumer, "MISSING_FOR", 0.5)
    first, second, third = [await told(pipeline, name) for name in ("a", "b", "c")]
    for message in (third, second, first, first):
        await broadcast.send(pipeline.pk, message)
    await one.drain(0.3)
    assert one.said_name == "c"
    await one.socket.close()


@pytest.mark.slow
async def test_an_edit_whose_message_is_lost_is_read_once_for_all_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    windows = [await window(team, pipeline, "viewer") for _ in range(5)]
    reads, since = [], repository.since

    def slow(pipeline: str, after: int) -> tuple[int, list[bytes]]:
        reads.append(after)
        time.sleep(0.4)
        return since(pipeline, after)

    monkeypatch.setattr(repository, "since", slow)
    await told(pipeline, "lost")
    await broadcast.send(pipeline.pk, await told(pipeline, "heard"))
    for each in windows:
        await each.drain(1.0)
    assert [each.said_name for each in windows] == ["heard"] * 5
    assert reads == [1]
    for each in windows:
        await each.socket.close()


async def test_a_deletion_without_any_message_closes_the_window_with_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.2)
    team, pipeline = await world()
    one = await window(team, pipeline, "viewer")
    await Pipeline.objects.filter(pk=pipeline.pk).adelete()
    await one.drain(1.5)
    assert one.code == 4404
    await one.socket.close()
