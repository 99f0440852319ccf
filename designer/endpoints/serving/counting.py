"""Counts of requests in memory: totals for Prometheus, and by minute for the page of the endpoint. One thread adds; others read."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MINUTE = 60
Place = tuple[str, int]  # the endpoint's id, and the version or 0


@dataclass(slots=True)
class Count:
    """Requests of one version: by status, by time, and what they carried. `seconds` is their sum."""

    requests: int = 0
    rows: int = 0
    warnings: int = 0
    seconds: float = 0.0
    codes: Counter[int] = field(default_factory=Counter)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))

    def add(self, status: int, seconds: float, rows: int, warnings: int) -> None:
        """Add a request."""
        self.requests += 1
        self.rows += rows
        self.warnings += warnings
        self.seconds += seconds
        self.codes[status] += 1
        self.buckets[bisect_left(BOUNDS, seconds)] += 1


class Counts:
    """The counts of a process."""

    def __init__(self) -> None:
        self.total: dict[Place, Count] = {}
        self._minutes: dict[tuple[int, Place], Count] = {}
        self._touched: set[tuple[int, Place]] = set()

    def add(self, endpoint: str, version: int, status: int, seconds: float, rows: int, warnings: int) -> None:
        """Add a request."""
        place = (endpoint, version)
        minute = (int(time.time()) // MINUTE, place)
        if (total := self.total.get(place)) is None:
            total = self.total[place] = Count()
        if (count := self._minutes.get(minute)) is None:
            count = self._minutes[minute] = Count()
        total.add(status, seconds, rows, warnings)
        count.add(status, seconds, rows, warnings)
        self._touched.add(minute)

    def unsaved(self) -> list[tuple[int, Place, Count]]:
        """The minutes that changed since they were last marked as saved: (minute as Unix time, place, count so far)."""
        return [(key[0] * MINUTE, key[1], self._minutes[key]) for key in list(self._touched)]

    def saved(self, rows: list[tuple[int, Place, Count]], requests: list[int]) -> None:
        """Mark rows as saved with these numbers of requests; a row that grew meanwhile stays unsaved. Minutes that are over are forgotten."""
        now = int(time.time()) // MINUTE
        for (start, place, count), seen in zip(rows, requests, strict=True):
            key = (start // MINUTE, place)
            if count.requests == seen:
                self._touched.discard(key)
                if key[0] < now - 1:
                    self._minutes.pop(key, None)


class Figures:
    """The totals as a collector of the Prometheus client.

    Args:
        counts: The counts.
        names: Workspace and name of each endpoint by its id; deleted ones are left out.
    """

    def __init__(self, counts: Counts, names: Mapping[str, tuple[str, str]]) -> None:
        self._shown = [([*names[id], str(version)], count) for (id, version), count in sorted(counts.total.items()) if id in names]

    def collect(self) -> Iterator[Metric]:
        """The metric families."""
        labels = ["workspace", "endpoint", "version"]
        requests = CounterMetricFamily(
            "easel_endpoint_requests", "Requests; version 0 for those that reached none.", labels=[*labels, "code"]
        )
        rows = CounterMetricFamily("easel_endpoint_rows", "Rows scored.", labels=labels)
        warnings = CounterMetricFamily("easel_endpoint_warnings", "Warnings about inputs.", labels=labels)
        seconds = HistogramMetricFamily("easel_endpoint_seconds", "Time from the head of a request to its answer.", labels=labels)
        for place, count in self._shown:
            for status, number in sorted(count.codes.items()):
                requests.add_metric([*place, str(status)], number)
            rows.add_metric(place, count.rows)
            warnings.add_metric(place, count.warnings)
            bounds = [*map(str, BOUNDS), "+Inf"]
            seconds.add_metric(place, [*zip(bounds, accumulate(count.buckets), strict=True)], count.seconds)
        yield from (requests, rows, warnings, seconds)


def prometheus(counts: Counts, names: Mapping[str, tuple[str, str]]) -> bytes:
    """The Prometheus text of the totals."""
    registry = CollectorRegistry()
    registry.register(Figures(counts, names))
    return generate_latest(registry)
