"""Words of a run for many windows: read once, kept within bounds, never a gap."""

from __future__ import annotations

import asyncio
import json

import pytest

from designer.runs import pages as there
from designer.runs.pages import Page, Pages
from tests.bench.viewers import viewers


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers after which the database was read; it holds ten events, three a page."""
    asked: list[int] = []

    def events(run: object, after: int, limit: int) -> list[dict[str, int]]:
        asked.append(after)
        return [{"seq": number} for number in range(after + 1, min(after + 3, 10) + 1)]

    monkeypatch.setattr(there.flow, "events", events)
    return asked


async def test_all_who_are_behind_the_same_share_one_read(reads: list[int]) -> None:
    pages = Pages()
    found = await asyncio.gather(*(pages.after("r", 0) for _ in range(50)))
    assert {page and page.last for page in found} == {3} and len(reads) == 1
    assert (await pages.after("r", 0)) == found[0] and len(reads) == 1


async def test_what_a_message_told_is_not_read(reads: list[int]) -> None:
    pages = Pages()
    pages.keep("r", 3, Page("said", 5))
    assert await pages.after("r", 3) == Page("said", 5) and reads == []


async def test_that_there_is_nothing_is_not_remembered(reads: list[int]) -> None:
    pages = Pages()
    assert await pages.after("r", 10) is None and await pages.after("r", 10) is None
    assert reads == [10, 10]


async def test_the_least_used_are_forgotten(reads: list[int]) -> None:
    pages = Pages(most_characters=10)
    pages.keep("r", 0, Page("x" * 6, 3))
    pages.keep("r", 3, Page("y" * 6, 6))
    page = await pages.after("r", 0)
    assert page and json.loads(page.text)["events"][-1] == {"seq": 3} and reads == [0]


@pytest.mark.processes
@pytest.mark.slow
def test_a_burst_reaches_every_window_and_those_who_do_not_read_cost_little() -> None:
    found = viewers(viewers=50, events=1000, slow=5, deaf=50)
    assert found["viewers_all_right"] == 1
    assert found["slow_reader_bytes"] < 500_000
