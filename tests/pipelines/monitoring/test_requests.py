"""Requests are judged by their share of errors and slow ones, beyond chance."""

from __future__ import annotations

import pytest

from pipelines.monitoring.judging import Thresholds
from pipelines.monitoring.requests import judge_requests, slower

BOUNDS = (0.5, 1.0, 2.0)
FAST = (1000, 0, 0, 0)


def kinds(requests: int, failed: int, buckets: tuple[int, ...], **bounds: float) -> tuple[set[str], set[str]]:
    found = judge_requests(requests, failed, BOUNDS, buckets, Thresholds(**bounds))  # type: ignore[arg-type]
    return {signal.kind for signal in found.raised}, set(found.within)


def test_a_share_beyond_its_bound_by_more_than_chance_is_raised() -> None:
    assert kinds(1000, 20, FAST) == (set(), {"errors", "latency"})
    assert kinds(1000, 55, FAST) == (set(), {"latency"})  # beyond the bound, within chance: it neither starts nor ends
    assert kinds(1000, 100, FAST) == ({"errors"}, {"latency"})
    assert kinds(100, 100, (0, 0, 100, 0)) == ({"errors", "latency"}, set())


def test_few_requests_are_not_judged() -> None:
    assert kinds(49, 49, (0, 0, 0, 49)) == (set(), set())
    assert kinds(49, 49, (0, 0, 0, 49), least_requests=20) == ({"errors", "latency"}, set())


def test_a_bound_of_zero_is_passed_by_one_error() -> None:
    assert kinds(1000, 1, FAST, errors=0.0) == ({"errors"}, {"latency"})
    assert kinds(1000, 0, FAST, errors=0.0) == (set(), {"errors", "latency"})


@pytest.mark.parametrize(("seconds", "expected"), [(0.25, 95), (0.5, 90), (0.75, 80), (1.0, 70), (2.0, 40), (9.0, 40)])
def test_slower_requests_are_read_from_the_buckets(seconds: float, expected: int) -> None:
    assert slower(seconds, BOUNDS, (10, 20, 30, 40)) == expected


def test_the_words_name_counts_and_bound() -> None:
    (signal,) = judge_requests(200, 50, BOUNDS, (200, 0, 0, 0), Thresholds()).raised
    assert signal.words == "50 of 200 requests failed (25.0\u00a0%; the bound is 5.0\u00a0%)."
