"""Celery alone: empty tasks in a worker of two processes, same kind of broker, without results; the last one signals through Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import Any

import redis
from celery import Celery, chain, group

from tests.bench.broker import broker
from tests.support.app_server import ROOT

app = Celery("bare", broker=os.environ.get("BARE_BROKER", "memory://"))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)
CHAIN, GROUP = 100, 1000


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url.replace("redis+socket", "unix"), socket_timeout=90)


@app.task(name="bare.nothing")  # type: ignore[untyped-decorator]  # celery has no types
def nothing() -> None:
    """A step that does nothing."""


@app.task(name="bare.count")  # type: ignore[untyped-decorator]
def count(until: int) -> None:
    """A step that only counts, so that the last one can signal the end."""
    with _redis(str(app.conf.broker_url)) as there:
        if there.incr("counted") == until:
            there.delete("counted")
            there.rpush("done", 1)


def bare_celery() -> dict[str, float]:
    """A chain of 100 and a group of 1,000, from sending to the end of the last task."""
    with broker() as server:
        env = {**os.environ, "BARE_BROKER": server.url}
        options = "--concurrency 2 --loglevel error --without-gossip --without-mingle --without-heartbeat"
        command = [sys.executable, "-m", "celery", "-A", "tests.bench.bare_celery", "worker", *options.split()]
        worker = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        app.conf.broker_url = server.url
        try:
            _seconds(server.url, count.si(1))  # the worker is up
            links = median(_seconds(server.url, chain([nothing.si() for _ in range(CHAIN - 1)] + [count.si(1)])) for _ in range(3))
            wide = median(_seconds(server.url, group(count.si(GROUP) for _ in range(GROUP))) for _ in range(3))
        finally:
            worker.terminate()
            worker.wait(30)
    return {"chain_baseline_celery_ms_per_step": links * 1000 / CHAIN, "fanout_baseline_celery_group_steps_per_second": GROUP / wide}


def _seconds(url: str, work: Any) -> float:
    started = time.perf_counter()
    work.apply_async()
    with _redis(url) as there:
        if there.blpop(["done"], timeout=60) is None:
            raise RuntimeError("the bare Celery worker did not answer within a minute")
    return time.perf_counter() - started
