"""What the engine adds to every step: deep, wide, known already, with one worker process or two, and beside somebody else's thousand steps."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from statistics import median

from tests.bench import baselines, drawings
from tests.bench.bare_celery import bare_celery
from tests.bench.peer import kedro
from tests.tree import Person, easel

STEPS = 100
WIDE = 1000
DEEP = 2000


def chain(person: Person, folder: Path) -> dict[str, float | None]:
    """A hundred steps that do nothing on 205 x 26, every output durable and visible: first all carried out, then all reused."""
    fresh, cached = [], []
    for _ in range(5):
        pipeline = person.pipeline(drawings.chain(STEPS))
        fresh.append(done(person.run(pipeline)))
        cached.append(done(person.run(pipeline)))
    loop = baselines.seconds(lambda: baselines.plain_loop(folder, STEPS))
    return {
        "chain_ms_per_step": median(fresh) * 1000 / STEPS,
        "cached_ms_per_step": median(cached) * 1000 / STEPS,
        "chain_baseline_plain_loop_ms_per_step": loop * 1000 / STEPS,
        "chain_baseline_kedro_ms_per_step": kedro(STEPS),
    }


def celery(_: Person, __: Path) -> dict[str, float]:
    """Celery alone, for a chain and a group."""
    return bare_celery()


def fanout(person: Person, folder: Path) -> dict[str, float]:
    """A source feeding a thousand steps that do nothing, and one that gathers, from the click to the last event; two worker processes."""
    taken = median(done(person.run(person.pipeline(drawings.fan(WIDE + 2)))) for _ in range(3))
    loop = baselines.seconds(lambda: baselines.plain_loop(folder, WIDE), times=1)
    return {"fanout_steps_per_second": (WIDE + 2) / taken, "fanout_baseline_plain_loop_steps_per_second": WIDE / loop}


def cached(person: Person, _: Path) -> dict[str, float]:
    """A thousand nodes whose results are all known, from the click to the last event: wide, and as a chain."""
    figures = {}
    for name, draw in (("", drawings.fan), ("_chain", drawings.chain)):
        pipeline = person.pipeline(draw(WIDE))
        done(person.run(pipeline))
        figures[f"cached_thousand{name}_ms"] = median(done(person.run(pipeline)) for _ in range(5)) * 1000
    return figures


def deep(person: Person, _: Path) -> dict[str, float]:
    """Whether a step of a long chain costs what a step of a short one does."""
    short = median(done(person.run(person.pipeline(drawings.chain(STEPS)))) for _ in range(3)) / STEPS
    long = done(person.run(person.pipeline(drawings.chain(DEEP)))) / DEEP
    return {"deep_chain_ms_per_step": long * 1000, "deep_chain_ratio_to_short": long / short}


def growth(person: Person, _: Path) -> dict[str, float]:
    """The fan with one worker process and with two, in turn, each on an installation of its own."""
    speeds: dict[int, list[float]] = {1: [], 2: []}
    with easel(concurrency=1) as one, easel(concurrency=2) as two:
        for _ in range(3):
            for processes, there in ((1, one), (2, two)):
                speeds[processes].append((WIDE + 2) / done(there.run(there.pipeline(drawings.fan(WIDE + 2)))))
    alone, both = median(speeds[1]), median(speeds[2])
    return {
        "fanout_one_worker_steps_per_second": alone,
        "fanout_two_workers_steps_per_second": both,
        "fanout_growth_two_workers": both / alone,
    }


def fair(person: Person, _: Path) -> dict[str, float]:
    """How long three steps of one person take while another's thousand are under way."""
    wide = person.pipeline(drawings.fan(WIDE + 2))
    crowd = threading.Thread(target=lambda: done(person.run(wide)))
    crowd.start()
    time.sleep(0.5)  # the thousand are under way
    waits = []
    while crowd.is_alive():
        waits.append(done(person.run(person.pipeline(drawings.chain(3)))))
    crowd.join()
    return {"fair_small_run_seconds": max(waits)}


def done(run: tuple[float, str]) -> float:
    """The seconds of a run that went well."""
    taken, state = run
    if state != "done":
        raise RuntimeError(f"a run that should be done is {state}")
    return taken
