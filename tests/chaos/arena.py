"""A home under fault injection: its workers, active runs, injected faults, and the oracle's findings after each batch."""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from pipelines.procfs import is_alive, name_of
from tests.chaos.drawing import draw
from tests.chaos.oracle import Fault, RequestedRun, done_again, judge, read_calls, restarts
from tests.support.installation import Group, Home, Unreachable, wait_until

TERMINAL_WITHIN = 60.0
CANCELLED_WITHIN = 5.0
RESTARTED_WITHIN = 30.0
QUIET_WITHIN = 5.0
ENDED_WITHIN = 10.0


class Arena:
    """Keeps runs active, records faults, and judges the outcome.

    Args:
        home: The installation.
        rng: The only source of randomness.
        workers: The number of Celery workers.
        concurrency: The number of children of each.
        in_flight: The number of active runs during fault injection.
    """

    workers_may_end = False  # by themselves; they are replaced and counted, as supervisors do

    def __init__(self, home: Home, rng: random.Random, *, workers: int = 2, concurrency: int = 3, in_flight: int = 8) -> None:
        self.home, self.rng = home, rng
        self._concurrency, self._in_flight = concurrency, in_flight
        self.ledger = home.folder / "calls"
        self.ledger.touch()
        self.faults: list[Fault] = []
        self.requested: list[RequestedRun] = []
        self.counts: Counter[str] = Counter()
        self.restarts: list[float] = []
        self.done_again: list[float] = []
        self.cancels: list[float] = []
        self.terms: list[float] = []
        self.violations: list[str] = []
        self._hired = self._printed = 0
        self._fallen: list[Group] = []
        self.workers = [self._hire() for _ in range(workers)]
        wait_until(lambda: len(self.ready()) == workers, 120)

    # Workers

    def _hire(self) -> Group:
        self._hired += 1
        return self.home.begin_worker(self._concurrency, f"w{self._hired}")

    def ready(self) -> list[Group]:
        """The workers with idle children."""
        return [worker for worker in self.workers if len(worker.pids) > self._concurrency]

    def replace(self, worker: Group) -> None:
        """Start a new worker in place of one that was killed or is stopping."""
        self._fallen.append(worker)
        self.workers[self.workers.index(worker)] = self._hire()

    def victim(self) -> Group:
        """A worker to inject a fault into, of at least two that are ready."""
        return self.rng.choice(wait_until(lambda: len(found := self.ready()) > 1 and found, 120))

    def children(self) -> list[int]:
        """The processes that execute steps."""
        return [pid for worker in self.workers for pid in worker.pids if pid != worker.process.pid]

    def busy(self) -> list[int]:
        """The processes that are executing a step."""
        return [pid for pid in self.children() if _title(pid).startswith("step")]

    # Runs

    def start_run(self, **how: Any) -> RequestedRun:
        """Draw a run and start it."""
        self.counts["runs"] += 1
        run = RequestedRun(draw(self.rng, f"f{self.counts['runs']}", self.ledger, **how))
        self.start(run)
        return run

    def start(self, run: RequestedRun) -> None:
        """Start a run; when the database is unavailable, the outcome of the start is unknown."""
        self.requested.append(run)
        with suppress(Unreachable):
            run.id = self.home.ask("start", document=run.drawn.document, scope=self.home.scope, force=False, by=run.drawn.tag)
            run.acknowledged = True

    def keep_running(self) -> None:
        """Start runs until enough are active."""
        with suppress(Unreachable):
            for _ in range(self._in_flight - len(self.home.ask("unfinished"))):
                self.start_run()

    def pause(self, least: float, most: float) -> None:
        """Let the workers run for a while."""
        time.sleep(self.rng.uniform(least, most))

    def record_fault(self, at: float, pids: Iterable[int] | None = None, **what: bool) -> None:
        """Record a fault from a start time that was read before the injection: effects may be recorded before this process continues."""
        self.faults.append(Fault(at, time.time(), None if pids is None else frozenset(pids), **what))
        self.counts["kills"] += 1

    # Judging

    def settle(self) -> None:
        """Wait until all runs have ended, as they must within a minute of the last fault, and judge them."""
        last = max([fault.until for fault in self.faults], default=time.time())
        while open := self._open():
            if time.time() > last + TERMINAL_WITHIN:
                self._give_up(open)
                break
            time.sleep(0.1)
        self._expect_quiet()
        for worker in [worker for worker in self.workers if worker.process.poll() is not None]:
            self.counts["workers_ended"] += 1
            self.violations += [] if self.workers_may_end else ["a worker ended by itself; its log says why"]
            self.replace(worker)
        calls = read_calls(self.ledger)
        for run in self.requested:
            self._judge(run, calls)
        waits = [seconds for step in calls.values() for seconds in restarts(step, self.faults)]
        self.violations += [f"late: restarted only after {slow:.1f} s" for slow in waits if slow > RESTARTED_WITHIN]
        self.restarts += waits
        self.done_again += done_again(calls).values()
        for said in self.violations[self._printed :]:
            print(said, file=sys.stderr, flush=True)
        self._printed = len(self.violations)
        self.requested, self.faults = [], []
        self.ledger.write_text("")
        for worker in self._fallen:
            self.home.dismiss(worker)
        self._fallen = []

    def _open(self) -> list[RequestedRun]:
        try:
            unfinished = set(self.home.ask("unfinished"))
            for run in self.requested:
                run.id = run.id or self.find(run)
        except Unreachable:
            return self.requested
        return [run for run in self.requested if run.id in unfinished]

    def find(self, run: RequestedRun) -> str | None:
        """The run whose start was not acknowledged, if there is one."""
        return next(iter(self.home.ask("started_by", by=run.drawn.tag)), None)

    def _give_up(self, open: Iterable[RequestedRun]) -> None:
        for run in open:
            self.counts["not_terminal"] += 1
            look = self.home.ask("look", run=run.id)
            states = {node: (step["state"], step["attempt"]) for node, step in look["steps"].items()}
            self.violations.append(f"{run.drawn.tag} {run.id}: {look['state']} a minute after the last fault: {states}")
            self.home.ask("cancel", run=run.id)

    def _expect_quiet(self) -> None:
        try:
            wait_until(lambda: not self.busy(), QUIET_WITHIN)
        except AssertionError:
            left = {pid: _title(pid) for pid in self.busy()}
            self.counts["processes_left"] += len(left)
            self.violations.append(f"processes still at work when all runs have ended: {left}")

    def _judge(self, run: RequestedRun, calls: Any) -> None:
        if run.id is None:
            self.counts["never_started"] += 1
            return
        audit = self.home.ask("audit", run=run.id)
        self.counts["steps"] += len(audit["steps"])
        self.counts[audit["state"]] += 1
        self.counts["losses"] += sum(step["losses"] for step in audit["steps"].values())
        self.judged(run, audit)
        wrong = [*run.wrong, *judge(run, audit, calls, self.faults)]
        if run.cancelled_at is not None:
            ended = datetime.fromisoformat(audit["events"][-1]["at"]).timestamp() - run.cancelled_at
            self.cancels.append(ended)
            if ended > CANCELLED_WITHIN:
                wrong.append(f"late: cancelled only after {ended:.1f} s")
        for word in ("lost", "duplicated"):
            self.counts[word] += any(said.startswith(word) for said in wrong)
        self.violations += [f"{run.drawn.tag} {run.id}: {said}" for said in wrong]

    def judged(self, run: RequestedRun, audit: Mapping[str, Any]) -> None:
        """Called with every run that ended."""

    def figures(self) -> dict[str, Any]:
        """The figures for the report."""
        return {
            "kills": self.counts["kills"],
            "runs": self.counts["runs"] - self.counts["never_started"],
            "steps": self.counts["steps"],
            "ended": {state: self.counts[state] for state in ("done", "failed", "cancelled")},
            "disk_full": self.counts["disk_full"],
            "workers_ended": self.counts["workers_ended"],
            "losses": self.counts["losses"],
            "not_terminal_after_60s": self.counts["not_terminal"],
            "lost": self.counts["lost"],
            "duplicated_commits": self.counts["duplicated"],
            "orphans": len(self.restarts),
            "orphan_restart_seconds_median": round(median(self.restarts), 2) if self.restarts else None,
            "orphan_restart_seconds_max": round(max(self.restarts), 2) if self.restarts else None,
            "items_done_again_seconds_max": round(max(self.done_again, default=0.0), 2),
            "cancel_seconds_max": round(max(self.cancels), 2) if self.cancels else None,
            "shutdown_seconds_max": round(max(self.terms), 2) if self.terms else None,
            "processes_left": self.counts["processes_left"],
            "violations": self.violations,
        }


class Supervised(Arena):
    """For combinations of faults that Celery does not survive, such as a child that dies while the worker first connects to the broker."""

    workers_may_end = True


def _title(pid: int) -> str:
    return name_of(pid) if is_alive(pid) else ""


def processes_of(home: Home) -> list[int]:
    """Processes of a stopped home that still run: of its sessions, or with its environment."""
    mark = str(home.folder).encode()
    found = []
    for pid in [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]:
        with suppress(OSError):
            if os.getsid(pid) in home.sessions or (pid != os.getpid() and mark in Path(f"/proc/{pid}/environ").read_bytes()):
                found.append(pid)
    return [pid for pid in found if is_alive(pid)]
