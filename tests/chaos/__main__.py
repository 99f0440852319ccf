"""The command line of `make chaos`: parts of a campaign, one for each home and kind of fault, and their sum."""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.chaos import faults, proxy
from tests.chaos.arena import Arena, Supervised, processes_of
from tests.chaos.disk import DiskArena, disk
from tests.chaos.hosts import Hosts, partition
from tests.chaos.web import WebArena, web
from tests.support.installation import Home


@dataclass(frozen=True)
class Kind:
    """A kind of fault: its batch function, its number of faults, and the installation under test."""

    inject: Callable[[Any, int], None]
    count: int
    workers: int = 2
    concurrency: int = 3
    in_flight: int = 8
    arena: type[Arena] = Arena
    home: Mapping[str, Any] = field(default_factory=dict)


KINDS = {
    "child": Kind(faults.child, 20),
    "worker": Kind(faults.worker, 12, workers=8, concurrency=1, in_flight=10),
    "broker": Kind(faults.broker, 25),
    "postgres": Kind(faults.postgres, 25),
    "stop": Kind(faults.stop, 10, workers=12, concurrency=1, in_flight=10),
    "messages": Kind(faults.messages, 20),
    "term": Kind(faults.term, 12, workers=6, concurrency=2, in_flight=10),
    "cancel": Kind(faults.cancel, 10),
    "hang": Kind(faults.hang, 8),
    "mixed": Kind(faults.mixed, 20, workers=4, concurrency=2, arena=Supervised),
    "web": Kind(web, 15, arena=WebArena),
    "disk": Kind(disk, 15, arena=DiskArena, home={"megabytes": 64}),
    "partition": Kind(partition, 7, workers=8, concurrency=1, in_flight=8),
    "away": Kind(proxy.away, 1, arena=proxy.ProxyArena, in_flight=4),
    "deploy": Kind(proxy.deploy, 2, arena=proxy.ProxyArena, in_flight=4),
    "cut": Kind(proxy.cut, 5, arena=proxy.ProxyArena, in_flight=4),
}
HOMES: Mapping[str, Callable[..., Home]] = {
    "sqlite": Home,
    "team": partial(Home, team=True),
    "rabbitmq": partial(Home, team=True, rabbitmq=True),
    "s3": partial(Home, team=True, s3=True),
    "hosts": Hosts,
    "proxy": partial(Home, team=True),
}
PROXIED = ("away", "deploy", "cut")
ONLY = {
    "postgres": {"team", "rabbitmq", "s3", "hosts"},
    "web": {"sqlite", "team", "rabbitmq", "s3"},
    "disk": {"sqlite", "team", "rabbitmq"},
    "partition": {"hosts"},
    **{kind: {"proxy"} for kind in PROXIED},
}
BAD = ("not_terminal_after_60s", "lost", "duplicated_commits", "processes_left")


def pieces(homes: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts of a campaign."""
    for home in homes:
        for kind in kinds:
            if home in ONLY.get(kind, HOMES.keys() - {"proxy"}):
                yield home, kind


def fight(home: str, kind: str, kills: int, seed: int) -> dict[str, Any]:
    """Run one part; the log of its processes is kept when something is wrong."""
    started, kills = time.monotonic(), min(kills, 10) if kind in PROXIED else kills  # each takes a minute and affects all processes
    log = Path(tempfile.gettempdir()) / f"easel-chaos-{home}-{kind}-{seed}.log"
    how = KINDS[kind]
    with HOMES[home](log=log, **how.home) as stage:
        rng = random.Random(f"{home} {kind} {seed}")
        arena = how.arena(stage, rng, workers=how.workers, concurrency=how.concurrency, in_flight=how.in_flight)
        while arena.counts["kills"] < kills:
            how.inject(arena, min(how.count, kills - arena.counts["kills"]))
            arena.settle()
            print(f"{home} {kind}: {arena.counts['kills']} of {kills}, {len(arena.violations)} violations", file=sys.stderr, flush=True)
    if left := processes_of(stage):
        arena.counts["processes_left"] += len(left)
        arena.violations.append(f"processes left when the home had ended: {left}")
    if not arena.violations:
        log.unlink(missing_ok=True)
    return {"home": home, "kind": kind, "seed": seed, **arena.figures(), "seconds": round(time.monotonic() - started)}


def add_up(reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A campaign's parts, and the relevant figures summed over all of them."""
    sums = {name: sum(report[name] for report in reports) for name in ("kills", "runs", "steps", *BAD)}
    worst = {
        name: max((report[name] for report in reports if report.get(name) is not None), default=None)
        for name in ("orphan_restart_seconds_max", "items_done_again_seconds_max", "cancel_seconds_max", "shutdown_seconds_max")
    }
    return {"pieces": list(reports), "sum": {**sums, **worst, "violations": sum(len(report["violations"]) for report in reports)}}


def main() -> int:
    """Run the campaign, print the figures, and exit with 0 when there are no violations."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--home", action="append", choices=HOMES, help="only this home; may be given again")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only this kind of fault; may be given again")
    parser.add_argument(
        "--kills", type=int, default=300, help="of each kind on each home (%(default)s; ten at most of those behind the proxy)"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--sum", nargs="+", type=Path, metavar="FILE", help="fight nothing; add up what earlier calls printed")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # homes end with this process
    if asked.sum:
        reports = [piece for file in asked.sum for piece in json.loads(file.read_text())["pieces"]]
    else:
        found = pieces(asked.home or list(HOMES), asked.kind or list(KINDS))
        reports = [fight(home, kind, asked.kills, asked.seed) for home, kind in found]
    whole = add_up(reports)
    print(json.dumps(whole, indent=2))
    return 1 if whole["sum"]["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
