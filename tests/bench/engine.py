"""The engine's overhead per step: deep, wide and cached graphs, one worker process or two, and with another user's thousand steps."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.bench import baselines, drawings
from tests.bench.bare_celery import bare_celery
from tests.bench.peer import kedro
from tests.support.app_server import Person, easel

STEPS = 100
WIDE = 1000
DEEP = 2000
WAITING, WAIT_SECONDS = 200, 0.05


def chain(person: Person, folder: Path) -> dict[str, float | None]:
    """A hundred steps that do nothing on 205 x 26, every output durable and visible: first all executed, then all reused."""
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
    """A source feeding a thousand steps, and one that gathers, from the click to the last event; two worker processes.

    The steps do nothing, so that their outputs exist already; or each produces its own table, written as the baseline loop writes its own.
    """
    taken = median(done(person.run(person.pipeline(drawings.fan(WIDE + 2)))) for _ in range(5))
    written = median(done(person.run(person.pipeline(drawings.fan(WIDE + 2, marked=True)))) for _ in range(3))
    loop = baselines.seconds(lambda: baselines.plain_loop(folder, WIDE), times=1)
    return {
        "fanout_steps_per_second": (WIDE + 2) / taken,
        "fanout_written_steps_per_second": (WIDE + 2) / written,
        "fanout_baseline_plain_loop_steps_per_second": WIDE / loop,
    }


def cached(person: Person, _: Path) -> dict[str, float]:
    """A thousand nodes whose results are all cached, from the click to the last event: wide, and as a chain."""
    figures = {}
    for name, draw in (("", drawings.fan), ("_chain", drawings.chain)):
        pipeline = person.pipeline(draw(WIDE))
        done(person.run(pipeline))
        figures[f"cached_thousand{name}_ms"] = median(done(person.run(pipeline)) for _ in range(5)) * 1000
    return figures


def deep(person: Person, _: Path) -> dict[str, float]:
    """Whether a step of a long chain costs as much as a step of a short one."""
    short = median(done(person.run(person.pipeline(drawings.chain(STEPS)))) for _ in range(3)) / STEPS
    long = done(person.run(person.pipeline(drawings.chain(DEEP)))) / DEEP
    return {"deep_chain_ms_per_step": long * 1000, "deep_chain_ratio_to_short": long / short}


def growth(person: Person, _: Path) -> dict[str, float]:
    """Fans with one, two and four worker processes in turn, each on a separate installation: of steps that do nothing, and that wait."""
    fans = {"fanout": lambda: drawings.fan(WIDE + 2), "waiting_fanout": lambda: drawings.waiting_fan(WAITING + 2, WAIT_SECONDS)}
    with ExitStack() as stack:
        homes = {processes: stack.enter_context(easel(concurrency=processes)) for processes in (1, 2, 4)}
        speeds = {
            (name, processes): median(_speed(there, draw()) for _ in range(3))
            for name, draw in fans.items()
            for processes, there in homes.items()
        }
    return {f"{name}_{processes}_processes_steps_per_second": speed for (name, processes), speed in speeds.items()} | {
        f"{name}_growth_with_{processes}_processes": speeds[name, processes] / speeds[name, 1] for name in fans for processes in (2, 4)
    }


def _speed(person: Person, document: drawings.Document) -> float:
    return len(document["nodes"]) / done(person.run(person.pipeline(document)))


def fair(person: Person, _: Path) -> dict[str, float]:
    """The duration of three steps of one user while another user's thousand are running."""
    wide = person.pipeline(drawings.fan(WIDE + 2))
    crowd = threading.Thread(target=lambda: done(person.run(wide)))
    crowd.start()
    time.sleep(0.5)  # the thousand are running
    waits = []
    while crowd.is_alive():
        waits.append(done(person.run(person.pipeline(drawings.chain(3)))))
    crowd.join()
    return {"fair_small_run_seconds": max(waits)}


def done(run: tuple[float, str]) -> float:
    """The duration of a successful run in seconds."""
    taken, state = run
    if state != "done":
        raise RuntimeError(f"a run that should be done is {state}")
    return taken
