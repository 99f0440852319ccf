"""A run's life is found in the log by its id, and counted."""

import logging

import pytest

from pipelines import events as say
from pipelines import flow
from pipelines.models import Step
from pipelines.runtime.telemetry import counters, run_log
from pipelines.runtime.worker.recovery import reap_expired
from tests.support.graph_builder import chain
from tests.support.ledger_driver import claim, finish, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all_lines(caplog):
    caplog.set_level(logging.INFO, run_log.log.name)


def told(caplog, run):
    return [(getattr(line, "node", None), line.state) for line in caplog.records if getattr(line, "run", None) == run.id]


def grown(before):
    return {name: value - before[name] for name, value in counters.total().items() if value != before[name] and "seconds" not in name}


def test_from_the_start_to_the_end(caplog):
    before = counters.total()
    run = start(chain(1))
    finish(run, claim(run))
    finish(run, claim(run))
    assert told(caplog, run) == [
        (None, "waiting"), (None, "running"), ("source", "running"), ("source", "done"), ("n0", "running"), ("n0", "done"), (None, "done"),
    ]  # fmt: skip
    assert all(line.workspace == run.scope for line in caplog.records)
    done = next(line for line in caplog.records if line.state == "done")
    assert done.getMessage() == "step source is done" and done.seconds >= 0
    assert grown(before) == {"done": 2}


def test_a_lost_step_is_a_warning_and_counted(caplog):
    run = start(chain(1))
    claim(run)
    Step.objects.filter(run=run).update(lease_until="2001-01-01T00:00Z")
    before = counters.total()
    reap_expired()
    assert ("source", "lost") in told(caplog, run)
    assert grown(before) == {"lost": 1, "leases_expired": 1}


def test_a_cancelled_run(caplog):
    run = start(chain(1))
    flow.cancel(run)
    assert told(caplog, run)[-1] == (None, "cancelled") and ("source", "cancelled") in told(caplog, run)


def test_thousands_of_steps_at_once_are_one_line(caplog):
    before = counters.total()
    reused = [say.step(f"n{index}", state="done", reused=True) for index in range(1000)]
    run_log.log_events("r", "w", [*reused, say.run(state="done")])
    assert [line.getMessage() for line in caplog.records] == ["the run is done"]
    assert grown(before) == {"reused": 1000}
