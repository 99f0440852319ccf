"""Who is here: relayed at a bounded rate, and told to newcomers."""

from __future__ import annotations

import pytest

from designer.documents import consumer, protocol
from tests.designer.documents.window import window, world

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_is_here_is_relayed_told_to_newcomers_and_taken_back() -> None:
    team, pipeline = await world()
    one = await window(team, pipeline, "editor")
    states = bytes([1, 5, 1, 2]) + b"{}"
    await one.socket.send(protocol.awareness(states))
    await one.drain()
    other = await window(team, pipeline, "viewer")
    await other.drain()
    assert other.awareness == [states]
    assert one.awareness == []
    await one.socket.close()
    await other.drain()
    assert protocol.clients(other.awareness[-1]) == {5: 2} and other.awareness[-1].endswith(b"null")
    await other.socket.close()


async def test_awareness_is_relayed_at_a_bounded_rate() -> None:
    team, pipeline = await world()
    one, other = await window(team, pipeline, "editor"), await window(team, pipeline, "viewer")
    for clock in range(100):
        await one.socket.send(protocol.awareness(bytes([1, 5, clock, 2]) + b"{}"))
    await one.drain()
    await other.drain()
    assert len(other.awareness) < 20
    assert protocol.clients(other.awareness[-1]) == {5: 99}
    for each in (one, other):
        await each.socket.close()


@pytest.mark.slow
async def test_a_newcomer_is_told_once_who_is_there_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    team, pipeline = await world()
    windows = [await window(team, pipeline, "viewer") for _ in range(4)]
    for number, each in enumerate(windows):
        await each.socket.send(protocol.awareness(bytes([1, 5 + number, 1, 2]) + b"{}"))
    await windows[0].drain(1)
    other = await window(team, pipeline, "editor")
    await other.drain(1)
    assert len(other.awareness) == 1
    assert protocol.clients(other.awareness[0]) == {5: 1, 6: 1, 7: 1, 8: 1}
    for each in (*windows, other):
        await each.socket.close()
    assert consumer._here == {}
