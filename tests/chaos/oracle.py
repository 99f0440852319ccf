"""The invariants of a run under faults: database, ledger file of the calls, and faults are compared."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.chaos.drawing import Drawn

ENDED = {"done", "failed", "skipped", "cancelled"}
AGAIN = "The step is restarted"
UNCOMMITTED = 4.0  # at most so long after its end an item is committed: a flush each second, a chunk of two, and a wait for the database
CLOCK = 0.005  # the clocks of the file and of the database are read some instructions apart


@dataclass(frozen=True)
class Fault:
    """A fault: its time span, and the affected processes; None for all.

    `loses`: it may cost a worker its step; `full`: results may find no space; `mutes`: no messages are delivered meanwhile.
    """

    at: float
    until: float
    pids: frozenset[int] | None = None
    loses: bool = True
    full: bool = False
    mutes: bool = False


@dataclass
class Call:
    """A call of a step's module: its process and time span."""

    id: str
    pid: int
    started: float
    ended: float | None = None


@dataclass
class RequestedRun:
    """A requested run. `id` is None while the outcome of the start is unknown."""

    drawn: Drawn
    id: str | None = None
    pipeline: str | None = None
    acknowledged: bool = False
    cancelled_at: float | None = None
    wrong: list[str] = field(default_factory=list)


def read_calls(file: Path) -> Mapping[str, list[Call]]:
    """The calls of every mark, in the order they started."""
    calls: dict[str, Call] = {}
    marks: dict[str, list[Call]] = defaultdict(list)
    for line in file.read_text().splitlines() if file.exists() else ():
        verb, mark, id, pid, at = line.split()
        if verb == "start":
            calls[id] = Call(id, int(pid), float(at))
            marks[mark].append(calls[id])
        else:
            calls[id].ended = float(at)
    return marks


def restarts(calls: Sequence[Call], faults: Sequence[Fault]) -> Iterator[float]:
    """The seconds from a fault that hit a call to the next call of the same step, without those in which no messages were delivered."""
    for call, next in itertools.pairwise(calls):
        hits = [fault.at for fault in faults if fault.loses and call.started <= fault.at < next.started and _hit(fault, call.pid)]
        if hits:
            since, until = min(hits), next.started
            yield until - since - sum(max(0.0, min(fault.until, until) - max(fault.at, since)) for fault in faults if fault.mutes)


def _hit(fault: Fault, pid: int) -> bool:
    return fault.pids is None or pid in fault.pids


def done_again(calls: Mapping[str, Sequence[Call]]) -> Mapping[int, float]:
    """For each process the seconds of items that it had finished and that were executed again, since it had not committed them."""
    seconds: dict[int, float] = defaultdict(float)
    for mark, made in calls.items():
        for call in made[:-1] if "#" in mark else ():
            if call.ended is not None:
                seconds[call.pid] += call.ended - call.started
    return seconds


def judge(run: RequestedRun, audit: Mapping[str, Any], calls: Mapping[str, Sequence[Call]], faults: Sequence[Fault]) -> list[str]:
    """Every violated invariant of an ended run, in sentences."""
    events, wrong = audit["events"], []
    if [event["seq"] for event in events] != list(range(1, audit["last_event"] + 1)):
        wrong.append("lost: its events have gaps")
    if (ends := [event["run"]["state"] for event in events if event["type"] == "run"])[-1:] != [audit["state"]] or len(
        ENDED.intersection(ends)
    ) != 1:
        wrong.append(f"lost: it is {audit['state']}, and its events say {ends}")
    if set(audit["steps"]) != set(run.drawn.totals):
        wrong.append("lost: its steps are not those of the graph")
    for node, step in audit["steps"].items():
        recorded = [event for event in events if event.get("node") == node]
        mark = run.drawn.mark(node)
        of_items = {name: each for name, each in calls.items() if name.startswith(f"{mark}#")}
        judged = itertools.chain(_judge_step(run.drawn, step, recorded, calls[mark], faults), _judge_items(step, of_items, faults))
        wrong += [f"{said} (step {node})" for said in judged]
    return [*wrong, *_judge_end(run, audit, faults)]


def _judge_step(
    drawn: Drawn, step: Mapping[str, Any], recorded: Sequence[Mapping[str, Any]], calls: Sequence[Call], faults: Sequence[Fault]
) -> Iterator[str]:
    patches = [(_seconds(event), event["step"]) for event in recorded if event["type"] == "step" and "state" in event["step"]]
    running = [(at, patch["attempt"]) for at, patch in patches if patch["state"] == "running"]
    ends = [(at, patch) for at, patch in patches if patch["state"] in ENDED]
    if step["state"] not in ENDED or [patch["state"] for _, patch in ends] != [step["state"]]:
        yield f"duplicated: it is {step['state']}, and its events end it as {[patch['state'] for _, patch in ends]}"
    if [attempt for _, attempt in running] != list(range(1, step["attempt"] + 1)):
        yield f"duplicated: its attempts are {running}, and {step['attempt']} in the database"
    lost = list(_losses(recorded))
    if len(lost) != step["losses"] + ((step["error"] or {}).get("code") == "worker_lost"):
        yield f"duplicated: it was lost {step['losses']} times, and its log says {len(lost)}"
    for since, until in lost:
        if not any(fault.loses and fault.at <= until and fault.until >= since - CLOCK for fault in faults):
            yield f"lost: it was taken from a worker that nobody touched, between {since:.3f} and {until:.3f}"
    if step["state"] == "done":
        yield from _judge_result(drawn, step, calls, running[-1][0] if running else None, ends[0][0])


def _judge_result(drawn: Drawn, step: Mapping[str, Any], calls: Sequence[Call], since: float | None, until: float) -> Iterator[str]:
    if step["row"] is None or step["row"]["total"] != drawn.totals[step["node"]]:
        yield f"lost: it came to {step['row']}, not to {drawn.totals[step['node']]}"
    elif "call" in step["row"] and not step["reused"]:
        made = [call for call in calls if call.id == step["row"]["call"]]
        if len(made) != 1 or since is None or made[0].ended is None:
            yield f"duplicated: no call that ended made its result {step['row']['call']}"
        elif not since - CLOCK <= made[0].started <= made[0].ended <= until + CLOCK:
            yield f"duplicated: its result is a late writer's: called at {made[0].started:.3f}, held from {since:.3f} to {until:.3f}"


def _judge_items(step: Mapping[str, Any], calls: Mapping[str, Sequence[Call]], faults: Sequence[Fault]) -> Iterator[str]:
    """An item is executed again only after a fault that came before its end was committed, which takes a second or two."""
    if step["state"] == "done" and (left := {state: count for state, count in step["items"].items() if state != "done"}):
        yield f"lost: of its items {left} did not end"
    for mark, made in calls.items():
        for call in made[:-1]:
            until = (call.ended or 0.0) + UNCOMMITTED
            if call.ended is not None and not any(fault.at <= until and fault.until >= call.started - CLOCK for fault in faults):
                yield f"duplicated: {mark} was executed again although it had ended at {call.ended:.3f}"


def _losses(recorded: Sequence[Mapping[str, Any]]) -> Iterator[tuple[float, float]]:
    """The time spans in which a step was held by workers that lost it."""
    since = 0.0
    for event in recorded:
        if event["type"] == "log" and AGAIN in event["line"]:
            yield since, _seconds(event)
        elif event["type"] == "step" and event["step"].get("state") == "running":
            since = _seconds(event)
        elif event["type"] == "step" and (event["step"].get("error") or {}).get("code") == "worker_lost":
            yield since, _seconds(event)


def _judge_end(run: RequestedRun, audit: Mapping[str, Any], faults: Sequence[Fault]) -> Iterator[str]:
    """A run ends done; cancelled if it was; failed only by permitted errors, whose losses were judged before."""
    codes = {step["error"]["code"] for step in audit["steps"].values() if step["error"]}
    if audit["state"] == "failed" and not codes <= {"worker_lost", *(["disk_full"] if any(fault.full for fault in faults) else [])}:
        yield f"lost: it failed with {[step['error'] for step in audit['steps'].values() if step['error']]}"
    if audit["state"] == "cancelled" and run.cancelled_at is None:
        yield "lost: it was cancelled by nobody"
    if audit["state"] == "failed" and not codes:
        yield "lost: it failed without an error"


def _seconds(event: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(event["at"]).timestamp()
