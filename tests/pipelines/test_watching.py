"""What a step takes: measured from what its process had before, judged by time and by memory."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines import watching
from pipelines.watching import Watch, own_bytes

MB = 1024**2
STEP = (1, 1)


@pytest.fixture
def has(monkeypatch):
    """What each process has."""
    held = {}
    monkeypatch.setattr(watching, "own_bytes", lambda pid: held.get(pid, 0))
    return held


def judge(watch, limits, pid=11, step=STEP, seconds=0.0, **execution):
    return watch.overdrawn(pid, step, "train", timezone.now() - timedelta(seconds=seconds), limits, execution)


def beat(watch, *steps):
    watch.look([11, 12], steps)


def test_what_a_process_had_before_its_step_is_not_the_steps(has):
    watch, limits = Watch(), {"step_memory_bytes": 100 * MB}
    has[11] = 500 * MB
    beat(watch)
    has[11] = 590 * MB
    beat(watch, STEP)
    assert judge(watch, limits) is None
    has[11] = 601 * MB
    beat(watch, STEP)
    problem = judge(watch, limits)
    assert (problem.code, problem.node) == ("out_of_memory", "train")
    assert problem.words == "The step took 101 MB of memory; it may take 100 MB." and "workspace" in problem.remedy


def test_memory_that_is_given_back_between_two_steps_is_not_counted_for_the_second(has):
    watch, limits = Watch(), {"step_memory_bytes": 100 * MB}
    has[11] = 900 * MB
    beat(watch, (1, 1))
    has[11] = 200 * MB
    beat(watch, (2, 1))
    assert judge(watch, limits, step=(2, 1)) is None
    has[11] = 310 * MB
    beat(watch, (2, 1))
    assert judge(watch, limits, step=(2, 1)).code == "out_of_memory"


def test_a_step_that_is_large_at_first_sight_is_known_by_what_the_idle_process_had(has):
    watch = Watch()
    has[11] = 10 * MB
    beat(watch)
    has[11] = 500 * MB
    beat(watch, STEP)
    assert judge(watch, {}, memory_mb=64).code == "out_of_memory"


def test_a_process_that_was_never_seen_before_has_nothing_yet(has):
    watch = Watch()
    has[11] = 500 * MB
    beat(watch, STEP)
    assert judge(watch, {}, memory_mb=64) is None


def test_a_step_over_its_time_is_told(has):
    watch = Watch()
    beat(watch, STEP)
    assert judge(watch, {"step_seconds": 60}, seconds=59) is None
    assert judge(watch, {"step_seconds": 60}, seconds=61).words == "The step took longer than the 60 seconds that it may."
    assert judge(watch, {"step_seconds": 60}, seconds=2, timeout_seconds=1).code == "took_too_long"


def test_without_limits_anything_goes(has):
    watch = Watch()
    beat(watch)
    has[11] = 10**12
    beat(watch, STEP)
    assert judge(watch, {}, seconds=10**6) is None


def test_a_processs_own_memory_is_read_from_the_system():
    before, held = own_bytes(os.getpid()), bytearray(os.urandom(200 * MB))
    assert own_bytes(os.getpid()) - before > 100 * MB and len(held)
    assert own_bytes(2**22 + 1) == 0
