"""What a step takes: measured from what its process had before, judged by time and by memory."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines.graph.run_options import RunOptions
from pipelines.runtime.ledger.quota import Limits, StepLimits
from pipelines.runtime.worker import resource_monitor
from pipelines.runtime.worker.resource_monitor import ResourceMonitor

MB = 1024**2
STEP = (1, 1)


@pytest.fixture
def has(monkeypatch):
    """What each process has."""
    held = {}
    monkeypatch.setattr(resource_monitor, "held_bytes", lambda pid: held.get(pid, 0))
    return held


def judge(watch, limits, pid=11, step=STEP, seconds=0.0, **execution):
    return watch.exceeded(
        pid, step, "train", timezone.now() - timedelta(seconds=seconds), Limits(**limits).of_step(RunOptions(**execution))
    )


def beat(watch, *steps):
    watch.sample([11, 12], steps)


def test_what_a_process_had_before_its_step_is_not_the_steps(has):
    watch, limits = ResourceMonitor(), {"step_memory_bytes": 100 * MB}
    has[11] = 500 * MB
    beat(watch)
    has[11] = 590 * MB
    beat(watch, STEP)
    assert judge(watch, limits) is None
    has[11] = 601 * MB
    beat(watch, STEP)
    problem = judge(watch, limits)
    assert (problem.code, problem.node) == ("out_of_memory", "train")
    assert problem.words == "The step used 101 MB of memory; its limit is 100 MB." and "workspace" in problem.remedy


def test_memory_that_is_given_back_between_two_steps_is_not_counted_for_the_second(has):
    watch, limits = ResourceMonitor(), {"step_memory_bytes": 100 * MB}
    has[11] = 900 * MB
    beat(watch, (1, 1))
    has[11] = 200 * MB
    beat(watch, (2, 1))
    assert judge(watch, limits, step=(2, 1)) is None
    has[11] = 310 * MB
    beat(watch, (2, 1))
    assert judge(watch, limits, step=(2, 1)).code == "out_of_memory"


def test_a_step_that_is_large_at_first_sight_is_known_by_what_the_idle_process_had(has):
    watch = ResourceMonitor()
    has[11] = 10 * MB
    beat(watch)
    has[11] = 500 * MB
    beat(watch, STEP)
    assert judge(watch, {}, memory_mb=64).code == "out_of_memory"


def test_a_process_that_was_never_seen_before_has_nothing_yet(has):
    watch = ResourceMonitor()
    has[11] = 500 * MB
    beat(watch, STEP)
    assert judge(watch, {}, memory_mb=64) is None


def test_a_step_over_its_time_is_told(has):
    watch = ResourceMonitor()
    beat(watch, STEP)
    assert judge(watch, {"step_seconds": 60}, seconds=59) is None
    assert judge(watch, {"step_seconds": 60}, seconds=61).words == "The step exceeded its time limit of 60\u00a0s."
    assert judge(watch, {"step_seconds": 60}, seconds=2, timeout_seconds=1).code == "took_too_long"


@pytest.fixture
def machine(monkeypatch):
    """A machine of 1,000 MB with two processes, and what is available of it."""
    facts = {"available": 900 * MB}
    monkeypatch.setattr("pipelines.execution.memory.machine_bytes", lambda: 1000 * MB)
    monkeypatch.setattr(resource_monitor, "machine_bytes", lambda: 1000 * MB)
    monkeypatch.setattr(resource_monitor, "available_bytes", lambda: facts["available"])
    return facts


def test_without_limits_a_step_has_time_and_half_of_the_machines_memory(has, machine):
    watch = ResourceMonitor()
    beat(watch)
    has[11] = 499 * MB
    beat(watch, STEP)
    assert judge(watch, {}, seconds=10**6) is None
    has[11] = 501 * MB
    beat(watch, STEP)
    assert judge(watch, {}).words == "The step used 501 MB of memory; its limit is 500 MB."
    assert judge(watch, {"step_memory_bytes": 600 * MB}) is None, "a limit of the workspace may be more"


def test_when_memory_is_scarce_the_largest_step_is_ended_and_then_a_while_none(has, machine):
    watch, other = ResourceMonitor(), (2, 1)
    beat(watch)
    has[11], has[12] = 400 * MB, 420 * MB
    beat(watch, STEP, other)
    assert judge(watch, {}) is None and judge(watch, {}, pid=12, step=other) is None
    machine["available"] = 90 * MB
    beat(watch, STEP, other)
    assert judge(watch, {}) is None
    problem = judge(watch, {}, pid=12, step=other)
    assert problem.code == "out_of_memory" and problem.words.endswith("and this step used the most: 420 MB.")
    beat(watch, STEP)
    assert judge(watch, {}) is None, "what the other held is not free at once"
    for _ in range(resource_monitor.SAMPLES_BETWEEN_KILLS):
        beat(watch, STEP)
    assert judge(watch, {}).code == "out_of_memory"


def test_a_small_step_is_not_ended_for_what_others_take(has, machine):
    watch = ResourceMonitor()
    beat(watch)
    has[11], machine["available"] = 300 * MB, 10 * MB
    beat(watch, STEP)
    assert judge(watch, {}) is None and watch.large(STEP, StepLimits()) is None


def test_a_step_is_large_near_its_limit_and_above_its_share_when_memory_is_scarce(has, machine):
    watch = ResourceMonitor()
    beat(watch)
    has[11] = 376 * MB
    beat(watch, STEP)
    judge(watch, {})
    assert watch.large(STEP, StepLimits()) == 376 * MB
    assert watch.large(STEP, StepLimits(None, 800 * MB)) is None
    machine["available"] = 10 * MB
    beat(watch, STEP)
    assert watch.large(STEP, StepLimits(None, 800 * MB)) == 376 * MB


def test_when_memory_is_scarce_what_a_steps_sandbox_holds_is_the_steps(has, machine, monkeypatch):
    inside, other, limits = {}, (2, 1), {"step_memory_bytes": 400 * MB}
    monkeypatch.setattr(
        resource_monitor, "memory_of", lambda pid, _: resource_monitor.Memory(has.get(pid, 0), has.get(pid, 0) + inside.get(pid, 0))
    )
    watch = ResourceMonitor()
    inside[11] = 50 * MB
    beat(watch)
    inside[11], has[12] = 550 * MB, 380 * MB
    beat(watch, STEP, other)
    assert judge(watch, limits) is None, "the sandbox holds the step's own limit itself"
    assert watch.large(STEP, StepLimits(None, 400 * MB)) is None
    machine["available"] = 90 * MB
    beat(watch, STEP, other)
    problem = judge(watch, limits)
    assert problem.code == "out_of_memory" and problem.words.endswith("and this step used the most: 500 MB.")
    assert watch.large(STEP, StepLimits(None, 400 * MB)) == 500 * MB
    assert judge(watch, limits, pid=12, step=other) is None


@pytest.mark.slow
def test_what_a_process_started_is_counted_with_it_and_what_is_shared_once():
    script = "import os, sys; held = bytearray(os.urandom(200 * 2**20)); os.fork(); os.fork(); os.write(1, b'ready\\n'); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0) as started:
        for _ in range(4):
            started.stdout.readline()
        closely, roughly = (resource_monitor.memory_of(os.getpid(), most) for most in (0, 2**40))
        os.killpg(started.pid, 9)
    assert 200 * MB < closely.whole - closely.own < 300 * MB
    assert roughly.whole - roughly.own > 800 * MB
