"""Judging the requests of the last minutes: how many failed, and how many were slow.

An alarm starts when a share is beyond its bound by more than chance (binomial tail), and ends when it is within the bound again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.catalogue.phrases import percent
from pipelines.monitoring.drift import CHANCE
from pipelines.monitoring.judging import Kind, Signal, Thresholds

SLOW_SHARE = 0.05  # that may exceed `latency_ms`: the bound is on the 95th percentile


class Judged(NamedTuple):
    """The signals that start, and the kinds that are within their bounds. What is neither stays as it is."""

    raised: list[Signal]
    within: set[Kind]


def judge_requests(requests: int, errors: int, bounds: Sequence[float], buckets: Sequence[int], thresholds: Thresholds) -> Judged:
    """Judge requests.

    Args:
        requests, errors: How many, and how many of them failed.
        bounds: Upper bounds of the buckets in seconds, increasing; one more bucket has the rest.
        buckets: Requests by time, not cumulated.
    """
    if requests < thresholds.least_requests:
        return Judged([], set())
    slow = slower(thresholds.latency_ms / 1000, bounds, buckets)
    failed = f"{errors:,} of {requests:,} requests failed ({percent(errors / requests)}; the bound is {percent(thresholds.errors)})."
    late = f"{slow:,} of {requests:,} requests took longer than {thresholds.latency_ms:g} ms (the bound is {percent(SLOW_SHARE, 0)})."
    found: list[tuple[Kind, int, float, str]] = [
        ("errors", errors, thresholds.errors, failed),
        ("latency", slow, SLOW_SHARE, late),
    ]
    raised = [Signal("", kind, words) for kind, count, bound, words in found if _beyond(count, requests, bound)]
    return Judged(raised, {kind for kind, count, bound, _ in found if count <= bound * requests})


def slower(seconds: float, bounds: Sequence[float], buckets: Sequence[int]) -> int:
    """How many requests took longer than a time; within a bucket they count as spread evenly, and in the last one as slower."""
    place = bisect_right(bounds, seconds)
    count = float(sum(buckets[place + 1 :]))
    if place < len(bounds):
        low = bounds[place - 1] if place else 0.0
        count += buckets[place] * (bounds[place] - seconds) / (bounds[place] - low)
    else:
        count += buckets[place] if place < len(buckets) else 0
    return int(count)


def _beyond(count: int, of: int, bound: float) -> bool:
    """Whether so many would come by chance less than once in 1,000 times if the share were the bound."""
    from scipy import special  # noqa: PLC0415  (a web process starts without it)

    return count > bound * of and (bound == 0 or float(special.bdtrc(count - 1, of, bound)) < CHANCE)
