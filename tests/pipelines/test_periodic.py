"""Periodic calls go on after one that raised, and end when they are told to."""

import threading

from pipelines.periodic import Periodic
from tests.support.process_groups import wait_until


def test_calls_are_made_until_the_block_ends_whatever_they_raise(caplog):
    made = []

    def call():
        made.append(threading.current_thread())
        if len(made) == 1:
            raise ValueError("once")

    with Periodic(0.001, call):
        wait_until(lambda: len(made) > 2, 5)
    number = len(made)
    assert threading.main_thread() not in made and "once" in caplog.text
    assert not threading.Event().wait(0.02) and len(made) == number


def test_a_last_call_and_what_is_done_at_the_end_are_made_in_the_thread():
    made = []
    with Periodic(60, lambda: made.append("call"), last=True, at_end=lambda: made.append(threading.current_thread())):
        pass
    assert made[0] == "call" and made[1] is not threading.main_thread() and len(made) == 2


def test_a_block_shorter_than_the_interval_makes_no_call():
    made = []
    with Periodic(60, lambda: made.append("call")):
        pass
    assert made == []
