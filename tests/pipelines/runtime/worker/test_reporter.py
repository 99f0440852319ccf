"""What a step says while it runs: its progress and its lines, at a bounded rate, none lost."""

import time

import pytest
from django.db import DatabaseError, OperationalError

from pipelines import flow
from pipelines.execution.step import Stopped
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Fence
from pipelines.runtime.worker import reporter, tasks
from pipelines.runtime.worker.reporter import MOST_LINES, StepReporter
from pipelines.runtime.worker.tasks import work_on
from tests.support.graph_builder import TABLE, chain, draw
from tests.support.installation import wait_until
from tests.support.ledger_driver import claim, lose, run, start, states

pytestmark = pytest.mark.django_db


def said(it, type):
    return [event for event in flow.events(it, limit=100_000) if event["type"] == type]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_progress_is_written_at_most_four_times_a_second_and_the_last_before_the_end():
    it = run(draw({"source": TABLE, "wait": ("trial.wait", {"seconds": 1})}, "source.table wait.table"))
    steps = said(it, "progress")
    assert 2 <= len(steps) <= 5
    assert (steps[-1]["done"], steps[-1]["total"], steps[-1]["words"]) == (20, 20, "waiting")
    done = next(event["seq"] for event in said(it, "step") if event["node"] == "wait" and event["step"]["state"] == "done")
    assert steps[-1]["seq"] < done
    assert [event["line"] for event in said(it, "log")] == ["waiting for 1.0 s"]


@pytest.mark.django_db(transaction=True)
def test_a_late_speaker_is_not_written_down():
    it = start(chain(0))
    late = claim(it)
    speaker = StepReporter(it.id, late)
    lose(it, late)
    speaker.log("late", "info")
    speaker.progress(1, 2, "late")
    time.sleep(2 * reporter.FLUSH_SECONDS)
    speaker.close()
    assert not [event for event in flow.events(it) if event.get("line") == "late" or event["type"] == "progress"]


@pytest.mark.django_db(transaction=True)
def test_lines_are_not_lost_though_the_database_was_away(monkeypatch):
    real, opened = ledger.open_ledger, []

    def writing(run):
        opened.append(run)
        if len(opened) == 1:
            raise OperationalError("away")
        return real(run)

    it = start(chain(0))
    speaker = StepReporter(it.id, claim(it))
    monkeypatch.setattr(ledger, "open_ledger", writing)
    speaker.log("first", "info")
    wait_until(lambda: opened, 5)
    speaker.log("second", "info")
    wait_until(lambda: len(opened) == 2, 5)
    speaker.close()
    assert [event["line"] for event in said(it, "log")] == ["first", "second"]


def test_what_a_step_said_before_it_was_stopped_is_kept(monkeypatch):
    def stopped(step, module, inputs, datasets, files, speaker, *rest):
        speaker.log("so far", "info")
        raise Stopped

    monkeypatch.setattr(tasks, "execute_step", stopped)
    assert [event["line"] for event in said(run(chain(0)), "log")] == ["so far"]


def test_what_was_not_yet_written_is_given_at_the_end():
    speaker = StepReporter("r1", claim(start(chain(0))))
    speaker.log("a", "info")
    speaker.progress(1, 2, "half")
    speaker.progress(2, 2, "whole")
    assert [(event["type"], event.get("done")) for event in speaker.close()] == [("log", None), ("progress", 2)]


def test_a_commit_that_fails_leaves_the_step_to_the_pulse(monkeypatch):
    def broken(*_):
        raise DatabaseError("disk full")

    it = start(chain(0))
    monkeypatch.setattr(ledger.Ledger, "finish", broken)
    with pytest.raises(DatabaseError):
        work_on(it.id, enqueue=lambda *_: None)
    assert states(it)["source"] == "running"


@pytest.mark.django_db(transaction=True)
def test_a_flood_of_lines_is_cut_and_says_so():
    it = start(chain(0))
    speaker = StepReporter(it.id, claim(it))
    speaker._write_soon = lambda: None
    for line in range(MOST_LINES + 50):
        speaker.log(f"line {line}", "info")
    lines = [event["line"] for event in speaker.close()]
    assert len(lines) == MOST_LINES + 1 and lines[-1] == "More than 2,000 lines; the rest was left out."


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_items_are_few_however_many_items_there_are():
    speaker = StepReporter("r", Fence("n0#0:1-900", 1))
    speaker._write_soon = lambda: None
    for line in range(900):
        speaker.log(str(line), "info")
    lines = [event["line"] for event in speaker.close()]
    assert len(lines) == 51 and lines[-1] == "More than 50 lines; the rest was left out."


def test_the_figures_of_a_line_are_in_its_event():
    it = start(chain(0))
    speaker = StepReporter(it.id, claim(it))
    speaker.log("epoch 1", "info", {"loss": 0.5})
    speaker.log("plain", "info")
    assert [event.get("figures") for event in speaker.close()] in ([{"loss": 0.5}, None], [])
    assert [event.get("figures") for event in said(it, "log")] in ([], [{"loss": 0.5}, None])
