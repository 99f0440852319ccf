"""Schedulers that are killed while schedules are edited, the clock is set back and forward, and the installation is upgraded.

With `upgrade` an earlier version makes the installation and looks after it first. All its schedulers are killed, the code of today prepares the database,
and goes on. Where the earlier version has the same tables, one scheduler of it runs beside one of today for a while, as in a restart of one
machine after the other; others have to be stopped before (docs/how-to/install-for-a-team.md), so for them this phase shows more than is promised.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from designer.schedules import scheduler
from designer.schedules.models import Tick
from pipelines.models import Run
from tests.support.app_server import ROOT

KILLS = 200
EARLIER = "b4f38dc7f180"  # of 28 November 2026: landed, with schedules, before notices were an application of their own
FROM = datetime(2027, 1, 1, tzinfo=UTC)
SPEED = 60  # simulated seconds in one
MINUTES = (1, 2)  # between the ticks of the two schedules
EDIT_EVERY = SET_CLOCK_EVERY = 10
CLOCK_SET_BY = (600, -300)  # simulated seconds, in turn
HAND = (Path(__file__).parent / "schedule_hand.py").read_text()


class Clock:
    """The simulated time of all processes, which can be set."""

    def __init__(self, folder: Path) -> None:
        self.file, self.began, self._set_by, self.latest = folder / "clock", time.monotonic(), 0.0, FROM
        self.file.write_text("0")

    def now(self) -> datetime:
        """The time; `latest` is the latest that any process may have seen."""
        at = FROM + timedelta(seconds=(time.monotonic() - self.began) * SPEED + self._set_by)
        self.latest = max(self.latest, at)
        return at

    def set_by(self, seconds: float) -> None:
        """Set the clock, at once for all processes."""
        new = self.file.with_suffix(".new")
        new.write_text(str(self._set_by + seconds))
        new.replace(self.file)
        self.now()  # by the former setting, which others read until now
        self._set_by += seconds
        self.now()


class Hand:
    """A version of the code, which starts schedulers and edits."""

    def __init__(self, tree: Path, clock: Clock) -> None:
        env = {**os.environ, "EASEL_BENCH_CLOCK": str(clock.file), "EASEL_BENCH_BEGAN": str(clock.began)}
        pipe = subprocess.PIPE
        self._process = subprocess.Popen([sys.executable, "-c", HAND], cwd=tree, env=env, stdin=pipe, stdout=pipe, text=True)

    def ask(self, verb: str, *arguments: Any) -> Any:
        """Let it do something."""
        assert self._process.stdin and self._process.stdout
        print(json.dumps([verb, *arguments]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        assert line, "the version ended; its trace is above"
        return json.loads(line)

    def end(self) -> None:
        """End it; its schedulers have been killed."""
        self._process.kill()
        self._process.wait()


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The files of a commit, in a folder that goes afterwards."""
    packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
    with tempfile.TemporaryDirectory(prefix="easel-earlier-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


class Fray:
    """Two schedulers of which one is killed every now and then."""

    def __init__(self, clock: Clock, ids: list[str], luck: random.Random) -> None:
        self.clock, self.ids, self.luck = clock, ids, luck
        self.killed = self.edited = self.clock_set = 0

    def go_on(self, hands: tuple[Hand, Hand], kills: int) -> None:
        """Kill one of two schedulers, and start it again, so many times; in the end both are killed."""
        running = [hand.ask("schedule") for hand in hands]
        for _ in range(kills):
            time.sleep(self.luck.uniform(0.02, 0.4))
            victim = self.luck.randrange(2)
            self._kill(hands[victim], running[victim])
            self.killed += 1
            if self.killed % EDIT_EVERY == EDIT_EVERY // 2:
                hands[1].ask("edit", self.ids[0], self.edited % 3)
                self.edited += 1
            if self.killed % SET_CLOCK_EVERY == 0:
                self.clock.set_by(CLOCK_SET_BY[self.clock_set % 2])
                self.clock_set += 1
            running[victim] = hands[victim].ask("schedule")
        for hand, pid in zip(hands, running, strict=True):
            self._kill(hand, pid)

    def _kill(self, hand: Hand, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        hand.ask("ended", pid)


def kills(count: int = KILLS) -> dict[str, float]:
    """Kill schedulers of the code of today only."""
    return _measured(count, "")


def upgrade(count: int = KILLS) -> dict[str, float]:
    """The same with an upgrade between kills: a third of them before it, a third with both versions, a third after it."""
    return _measured(count, EARLIER)


def _measured(count: int, earlier: str) -> dict[str, float]:
    with ExitStack() as stack:
        clock = Clock(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="easel-bench-"))))
        today = Hand(ROOT, clock)
        stack.callback(today.end)
        first = today
        if earlier:
            first = Hand(stack.enter_context(tree_of(earlier)), clock)
            stack.callback(first.end)
        begins = {id: datetime.fromisoformat(at) for id, at in first.ask("make").items()}
        fray = Fray(clock, list(begins), random.Random(2))
        before = {"ticks_before_upgrade": 0}
        if earlier:
            fray.go_on((first, first), count // 3)
            today.ask("prepare")
            before = {"ticks_before_upgrade": Tick.objects.count()}
            fray.go_on((first, today), count // 3)
        fray.go_on((today, today), count - fray.killed)
        clock.now()
        for _ in range(3):
            scheduler.look(clock.latest)
    done = {"kills": fray.killed, "edits": fray.edited, "clock_set": fray.clock_set}
    return {**done, **(before if earlier else {}), **_found(begins, clock.latest)}


def _found(begins: Mapping[str, datetime], last: datetime) -> Mapping[str, float]:
    """Compare the ticks with the planned instants, and the runs with the ticks."""
    planned = missing = more = 0
    for (id, begin), minutes in zip(begins.items(), MINUTES, strict=True):
        step = timedelta(minutes=minutes)
        wanted = {at for n in range(int((last - FROM) / step) + 1) if (at := FROM + step * n) > begin}
        found = list(Tick.objects.filter(schedule_id=id).values_list("planned", flat=True))
        planned += len(wanted)
        missing += len(wanted - set(found))
        more += len(found) - len(wanted & set(found))
    started = Tick.objects.filter(outcome="started")
    doubled = more + Run.objects.count() - started.values("run").distinct().count()
    silent = Tick.objects.exclude(outcome="started").filter(reason="").count()
    outcomes = {each: Tick.objects.filter(outcome=each).count() for each in ("started", "skipped", "missed", "failed", "waiting")}
    counts = {"planned": planned, "runs": Run.objects.count(), "missing": missing, "doubled": doubled, "without_reason": silent}
    return {**counts, **outcomes, "wrong": missing + doubled + silent}
