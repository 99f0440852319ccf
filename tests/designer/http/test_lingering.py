"""What is left of a refused body is read, within bounds."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from designer.http import lingering


def body(*sizes: int) -> Any:
    """A body in parts of these sizes; after them nothing comes any more."""
    left = [{"type": "http.request", "body": b"x" * size, "more_body": True} for size in sizes]
    left.append({"type": "http.request", "body": b""})

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    return receive, left


async def test_a_body_is_read_to_its_end() -> None:
    receive, left = body(5, 5)
    await lingering.discard(receive)
    assert left == []


async def test_not_more_than_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lingering, "MOST_BYTES", 8)
    receive, left = body(5, 5, 5)
    await lingering.discard(receive)
    assert len(left) == 2
    monkeypatch.setattr(lingering, "MOST_SECONDS", 0.01)
    receive, left = body()
    left.clear()
    await lingering.discard(receive)
