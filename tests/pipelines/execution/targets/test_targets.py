"""Limits, and work that a stop does not tear apart."""

import threading

import pytest

from pipelines.execution.step import Outcome, Stopped
from pipelines.execution.targets import GIB, HOUR, Limits, run_uninterrupted
from tests.pipelines.execution.targets.jobs import stopped_once


def test_what_may_be_taken_where_nothing_is_said():
    limits = Limits.of(None, None)
    assert limits.seconds == HOUR
    assert 0 < limits.memory_bytes <= 4 * GIB


def test_what_is_said_counts():
    assert Limits.of(5.0, 1000) == Limits(memory_bytes=1000, seconds=5.0)


def test_work_is_done_in_a_thread_of_its_own():
    seen = []
    made = Outcome()
    assert run_uninterrupted(lambda stopping: seen.append(threading.current_thread()) or made) is made
    assert seen[0] is not threading.main_thread()


def test_what_goes_wrong_comes_out():
    def work(stopping):
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        run_uninterrupted(work)


def test_a_stop_waits_until_the_work_has_cleaned_up():
    began, ended = threading.Event(), []

    def work(stopping):
        began.set()
        stopping.wait()
        ended.append("cleaned up")
        return Outcome()

    with stopped_once(began), pytest.raises(Stopped):
        run_uninterrupted(work)
    assert ended == ["cleaned up"]
