"""Counting what requests carry, off their way: the loop hands rows over, and a thread counts them.

It counts many rows together, since a column costs the same steps for one row as for hundreds, and pauses between columns: a request waits for it a
third of a millisecond at most.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from designer.endpoints.serving.counting import Place
from designer.endpoints.serving.model import Model, Row
from designer.endpoints.serving.routing import Served
from pipelines.monitoring.profile import Profile
from pipelines.monitoring.tally import Tally, added

MOST_WAITING = 5_000  # rows that are kept until they are counted; further ones are left out
PORTION = 1000  # rows that are counted together
STINT, PAUSE = 0.0003, 0.001  # seconds of counting, and between
HOUR = 3600
Key = tuple[int, Place]  # the hour since 1970, and the version


class Batch(NamedTuple):
    """Rows of one request, or of some of one that has too many. `hour` is when they arrived."""

    key: Key
    profile: Profile
    rows: Sequence[Row]
    scores: Sequence[Any]


@dataclass(slots=True)
class HourCount:
    """What one version received in one hour. `left_out` are rows that came too fast to be counted."""

    rows: int = 0
    left_out: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)

    def add(self, tallies: dict[str, Tally], rows: int) -> None:
        """Add counted rows."""
        self.rows += rows
        for name, tally in tallies.items():
            before = self.tallies.get(name)
            self.tallies[name] = tally if before is None else added((before, tally))


class Observer:
    """The counts of a process. One thread hands over, one counts, and one saves."""

    def __init__(self) -> None:
        self._waiting: deque[Batch] = deque()
        self._handed = self._taken = 0
        self._hours: dict[Key, HourCount] = {}
        self._touched: set[Key] = set()
        self._lock = threading.Lock()

    def observe(self, served: Served, model: Model, rows: Sequence[Row], scores: Sequence[Any]) -> None:
        """Hand over scored rows. Of more than there is room for, every so many-th is taken, and the others are counted as left out."""
        if model.profile is None or not rows:
            return
        key = (int(time.time()) // HOUR, (served.id, model.number))
        room = MOST_WAITING - (self._handed - self._taken)
        if len(rows) > room:
            step = -(-len(rows) // room) if room > 0 else len(rows)
            kept = slice(0, len(rows) if room > 0 else 0, step)
            self._leave_out(key, len(rows) - len(rows[kept]))
            rows, scores = rows[kept], scores[kept]
            if not rows:
                return
        self._handed += len(rows)
        self._waiting.append(Batch(key, model.profile, rows, scores))

    def refuse(self, served: Served, model: Model, column: str) -> None:
        """Count a row that was refused because of the type of a column."""
        key = (int(time.time()) // HOUR, (served.id, model.number))
        known = {each.name for each in model.profile.columns} if model.profile else set()
        if column in known:
            with self._lock:
                self._hour(key).add({column: Tally(invalid=1)}, 0)

    def _leave_out(self, key: Key, rows: int) -> None:
        with self._lock:
            self._hour(key).left_out += rows

    def _hour(self, key: Key) -> HourCount:
        self._touched.add(key)
        return self._hours.setdefault(key, HourCount())

    def drain(self, pause: float = PAUSE) -> None:
        """Count what waits."""
        while self._waiting:
            first = self._waiting.popleft()
            if len(first.rows) > PORTION:
                rest = first._replace(rows=first.rows[PORTION:], scores=first.scores[PORTION:])
                self._waiting.appendleft(rest)
                first = first._replace(rows=first.rows[:PORTION], scores=first.scores[:PORTION])
            rows, scores = list(first.rows), list(first.scores)
            while self._waiting and self._waiting[0][:2] == first[:2] and len(rows) + len(self._waiting[0].rows) <= PORTION:
                more = self._waiting.popleft()
                rows += more.rows
                scores += more.scores
            counted = _counted(first.profile, rows, scores, pause)
            with self._lock:
                self._hour(first.key).add(counted, len(rows))
            self._taken += len(rows)
            time.sleep(pause)

    def unsaved(self) -> list[tuple[Key, HourCount]]:
        """The hours that changed since they were last saved, as copies of what they hold now."""
        with self._lock:
            found = [(key, self._hours[key]) for key in self._touched]
            return [(key, HourCount(each.rows, each.left_out, dict(each.tallies))) for key, each in found]

    def saved(self, done: Sequence[tuple[Key, HourCount]]) -> None:
        """Mark hours as saved with what they held; hours that are over are forgotten."""
        now = int(time.time()) // HOUR
        with self._lock:
            for key, count in done:
                current = self._hours.get(key)
                if current is None or (current.rows, current.left_out, current.tallies) == (count.rows, count.left_out, count.tallies):
                    self._touched.discard(key)
                    if key[0] < now - 1:
                        self._hours.pop(key, None)


def _counted(profile: Profile, rows: Sequence[Row], scores: Sequence[Any], pause: float) -> dict[str, Tally]:
    """The counts of each column. One that a row does not give has no value there, and a row without an answer no score."""
    answered = [score for score in scores if score is not None]
    found, began = dict[str, Tally](), time.perf_counter()
    for column in profile.columns:
        found[column.name] = column.count([row.get(column.name) for row in (rows if column.role == "input" else answered)])
        if time.perf_counter() - began > STINT:
            time.sleep(pause)
            began = time.perf_counter()
    return found
