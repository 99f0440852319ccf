"""Watching a run: everything once, in order, whatever is lost on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from designer.datasets.resolver import WorkspaceDatasets
from designer.workspaces import consumer_base as watched
from pipelines import flow
from pipelines.models import Run
from pipelines.runtime.telemetry.broadcast import run_group
from pipelines.runtime.worker.tasks import work_on
from tests.designer.conftest import Team, make_team
from tests.designer.runs.test_views import GRAPH
from tests.designer.socket import Socket, opened

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def world() -> tuple[Team, Run]:
    team = make_team()
    datasets = WorkspaceDatasets(team.workspace)
    return team, flow.start(flow.read(GRAPH), scope=team.workspace.pk, datasets=datasets, enqueue=lambda _: None)


@sync_to_async
def run_to_end(run: Run) -> int:
    work_on(run.pk, enqueue=lambda _, __: None, slice_seconds=float("inf"))
    return Run.objects.get(pk=run.pk).last_event


async def numbers(socket: Socket, until: int) -> list[int]:
    found: list[int] = []
    while not found or found[-1] < until:
        found += [event["seq"] for event in json.loads(await socket.receive())["events"]]
    return found


async def test_what_was_said_before_and_what_is_said_after_come_once_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.2)  # the layer of one process does not wake a loop from another thread
    team, run = await world()
    socket = await opened(f"/ws/runs/{run.pk}/", team.people["viewer"])
    last = await run_to_end(run)
    assert await numbers(socket, last) == list(range(1, last + 1))
    await socket.close()


async def test_going_on_after_a_number_and_asking_again() -> None:
    team, run = await world()
    last = await run_to_end(run)
    socket = await opened(f"/ws/runs/{run.pk}/?after={last - 2}", team.people["viewer"])
    assert await numbers(socket, last) == [last - 1, last]
    await socket.send(json.dumps({"after": last - 1}))
    assert await numbers(socket, last) == [last]
    await socket.close()


async def test_after_a_gap_the_database_tells() -> None:
    team, run = await world()
    socket = await opened(f"/ws/runs/{run.pk}/", team.people["viewer"])
    await socket.quiet()
    layer: Any = get_channel_layer()
    last = await run_to_end(run)
    told = {"type": "run.events", "after": last - 1, "last": last, "text": json.dumps({"events": [{"seq": last, "type": "log"}]})}
    await layer.group_send(run_group(run.pk), told)
    assert await numbers(socket, last) == list(range(1, last + 1))
    await socket.close()


async def test_what_no_message_told_is_found_by_looking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "LOOK_EVERY", 0.1)
    monkeypatch.setattr("pipelines.runtime.telemetry.broadcast.publish", lambda *_: None)
    team, run = await world()
    socket = await opened(f"/ws/runs/{run.pk}/", team.people["viewer"])
    last = await run_to_end(run)
    assert await numbers(socket, last) == list(range(1, last + 1))
    await socket.close()


@pytest.mark.parametrize("said", ["", "no json", "[]", '{"after": "1"}', '{"after": -1}', '{"after": 99999999999999}', "[" * 5000, b"\x00"])
async def test_what_is_no_question_closes_the_socket(said: str | bytes) -> None:
    team, run = await world()
    socket = await opened(f"/ws/runs/{run.pk}/?after=1000", team.people["viewer"])
    await socket.send(said)
    assert await socket.receive() == 4400
    await socket.close()
