"""The pulse, beat by beat: leases, dead children and cancelled steps."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from pipelines import flow
from pipelines.runtime.ledger import leases
from pipelines.runtime.worker import heartbeat
from pipelines.runtime.worker.heartbeat import Heartbeat
from pipelines.runtime.worker.process import STOP, title
from tests.support.installation import wait_until
from tests.support.ledger_driver import GONE, expire, held, states, step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rung", "all_alive")]


def test_leases_of_own_steps_are_renewed_and_no_others():
    mine, other = held(os.getpid()), held(os.getpid(), owner="other")
    expire(mine), expire(other)
    Heartbeat(lambda: [os.getpid()]).beat(0)
    assert step(mine, "source").lease_until > timezone.now() + leases.LEASE / 2
    assert states(other)["source"] == "ready"


def test_a_lease_is_renewed_well_before_it_ends():
    assert leases.LEASE.total_seconds() / 3 >= heartbeat.TICK_SECONDS * heartbeat.RENEW_EVERY


def test_the_step_of_a_dead_child_is_given_back_at_once(rung):
    it = held(GONE)
    Heartbeat(lambda: [os.getpid()]).beat(1)
    assert states(it)["source"] == "ready" and rung == [it.id]


def test_a_child_that_ended_but_is_still_listed_counts_as_dead():
    it = held(GONE)
    Heartbeat(lambda: [GONE]).beat(1)
    assert states(it)["source"] == "ready"


def test_the_step_of_a_living_child_is_left_alone(rung):
    it = held(os.getpid())
    Heartbeat(lambda: [os.getpid()]).beat(1)
    assert states(it)["source"] == "running" and rung == []


def test_a_cancelled_step_is_told_to_stop_and_others_are_not(signals):
    it, beside = held(11), held(12)
    flow.cancel(it)
    Heartbeat(lambda: [11, 12]).beat(1)
    assert signals == [(11, STOP)]
    assert states(beside)["source"] == "running"


def test_a_deaf_step_is_killed_after_a_while_and_then_cancelled(monkeypatch, signals, later):
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: True)
    it, children = held(11), [11]
    flow.cancel(it)
    beating = Heartbeat(lambda: children)
    beating.beat(1)
    assert (11, signal.SIGKILL) not in signals
    later(heartbeat.KILL_AFTER_SECONDS + 0.1)
    beating.beat(1)
    assert (11, signal.SIGKILL) in signals
    children.clear()
    beating.beat(1)
    it.refresh_from_db()
    assert it.state == "cancelled"


def test_the_lease_of_a_cancelled_step_is_not_renewed(signals):
    it = held(os.getpid())
    flow.cancel(it)
    Heartbeat(lambda: [os.getpid()]).beat(0)
    assert step(it, "source").lease_until < timezone.now() + timedelta(seconds=4)


def test_a_child_inside_a_step_that_its_worker_lost_is_told_to_stop(monkeypatch, signals):
    it, other = held(11, owner="another"), held(12)
    steps = {11: step(it, "source").id, 12: step(other, "source").id}
    monkeypatch.setattr(heartbeat, "step_of", steps.get)
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: steps[pid] == step)
    Heartbeat(lambda: [11, 12]).beat(1)
    assert signals == [(11, STOP)]


def test_a_child_that_went_on_to_another_step_is_not_killed(monkeypatch, signals, later):
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: False)
    it = held(11)
    flow.cancel(it)
    beating = Heartbeat(lambda: [11])
    beating.beat(1)
    later(heartbeat.KILL_AFTER_SECONDS + 0.1)
    beating.beat(1)
    assert (11, signal.SIGKILL) not in signals


def test_a_step_that_its_child_forgot_is_given_back(monkeypatch, later, rung):
    it = held(11)
    beating = Heartbeat(lambda: [11])
    beating.beat(1)
    later(heartbeat.ABANDONED_AFTER_SECONDS - 1)
    beating.beat(1)
    assert states(it)["source"] == "running"
    later(2)
    beating.beat(1)
    assert states(it)["source"] == "ready" and rung == [it.id]


def test_a_child_that_works_on_is_never_thought_to_forget(monkeypatch, later):
    it = held(11)
    beating = Heartbeat(lambda: [11])
    for _ in range(3):
        monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: False)
        beating.beat(1)
        monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: True)
        later(heartbeat.ABANDONED_AFTER_SECONDS + 1)
        beating.beat(1)
    assert states(it)["source"] == "running"


def test_a_worker_that_is_told_to_end_stops_its_steps_after_the_time_they_have(monkeypatch, signals, later):
    monkeypatch.setattr(heartbeat, "is_working_on", lambda pid, step: True)
    held(11)
    beating = Heartbeat(lambda: [11])
    beating.leave()
    beating.beat(1)
    assert signals == []
    later(settings.EASEL_STOP_SECONDS - 1)
    beating.beat(1)
    assert signals == [], "what is in hand is finished"
    later(1.1)
    beating.beat(1)
    assert signals == [(11, STOP)]


def test_steps_of_a_worker_that_is_told_to_end_are_given_back_without_a_loss(rung):
    it = held(GONE)
    beating = Heartbeat(list)
    beating.leave()
    beating.beat(1)
    assert (states(it)["source"], step(it, "source").losses, rung) == ("ready", 0, [it.id])


@pytest.mark.django_db(transaction=True)
def test_a_pulse_that_leaves_looks_once_more_when_it_is_stopped():
    children = [os.getpid()]
    beating = Heartbeat(lambda: children)
    it = held(os.getpid())
    beating.start()
    beating.leave()
    children.clear()
    beating.stop()
    assert (states(it)["source"], step(it, "source").losses) == ("ready", 0)


@pytest.mark.django_db(transaction=True)
def test_a_pulse_goes_on_after_the_database_was_away(monkeypatch):
    beats = []

    def beat(number):
        beats.append(number)
        if number == 0:
            raise heartbeat.DatabaseError("away")
        if number == 1:
            raise ZeroDivisionError

    monkeypatch.setattr(heartbeat, "TICK_SECONDS", 0.001)
    it = Heartbeat(list)
    monkeypatch.setattr(it, "beat", beat)
    it.start()
    wait_until(lambda: len(beats) > 3, 5)
    it.stop()
    assert beats[:4] == [0, 1, 2, 3]


@pytest.mark.slow
def test_no_child_is_forked_in_the_middle_of_a_beat(monkeypatch):
    beating, go_on, forked = threading.Event(), threading.Event(), threading.Event()

    def fork():
        if (pid := os.fork()) == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        forked.set()

    it = Heartbeat(list)
    monkeypatch.setattr(it, "beat", lambda _: (beating.set(), go_on.wait(5)))
    it.start()
    assert beating.wait(5)
    threading.Thread(target=fork).start()
    assert not forked.wait(0.3)
    go_on.set()
    assert forked.wait(5)
    it.stop()


def test_the_title_of_a_real_process_is_what_the_pulse_reads():
    code = "import time; from pipelines.runtime.worker.process import working_on\nwith working_on(77):\n print(flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    child.stdout.readline()
    assert heartbeat.is_working_on(child.pid, 77) and title(77) == "step 77" and heartbeat.step_of(child.pid) == 77
    child.kill()
    child.communicate()


def test_a_beat_that_comes_late_renews_own_leases_before_it_looks_for_lost_steps(later):
    it = held(os.getpid())
    beating = Heartbeat(lambda: [os.getpid()])
    expire(it)
    later(60)
    beating.beat(2)
    assert states(it)["source"] == "running"
