"""Executing a run in a process: depth first, in slices; every fault is recorded."""

import signal
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from pipelines import flow
from pipelines.execution.step import Stopped
from pipelines.runtime.ledger import ledger
from pipelines.runtime.worker import tasks
from pipelines.runtime.worker.process import handle_stop
from pipelines.runtime.worker.tasks import work_on
from tests.support.graph_builder import TABLE, chain, draw, fan
from tests.support.ledger_driver import claim, finish, lose, new_scope, run, run_to_end, start, states, step, told

pytestmark = pytest.mark.django_db


def messages_of(it, **how):
    rung = []
    work_on(it.id, enqueue=lambda run, times, after: rung.append(times), **how)
    return rung


def test_a_run_is_carried_out_to_its_end():
    it = run(chain(3))
    assert it.state == "done" and set(states(it).values()) == {"done"}
    assert flow.table(flow.output(it, "n2", "table"), it.scope).frame.height == 3


def test_a_branch_is_followed_to_its_end_before_the_next():
    it = run(draw({"source": TABLE, **{name: ("trial.pass_on", {"mark": mark}) for mark, name in enumerate(("a1", "a2", "b1", "b2"))}},
                  "source.table a1.table", "a1.table a2.table", "source.table b1.table", "b1.table b2.table"))  # fmt: skip
    order = [event["node"] for event in flow.events(it) if event["type"] == "step" and event["step"]["state"] == "running"]
    assert order in (["source", "a1", "a2", "b1", "b2"], ["source", "b1", "b2", "a1", "a2"])


def test_messages_are_for_the_others_only():
    assert messages_of(start(fan(4))) == [3]
    assert messages_of(start(chain(4))) == []


def test_when_the_slice_is_over_the_rest_waits_behind_a_bell():
    it = start(chain(2))
    assert messages_of(it, slice_seconds=-1) == [1]
    assert states(it)["source"] == "ready"


def test_a_surplus_bell_does_no_harm():
    it = run(chain(1))
    before = (it.last_event, states(it))
    assert messages_of(it) == []
    it.refresh_from_db()
    assert (it.last_event, states(it)) == before


def test_a_failure_skips_what_needs_it_and_nothing_else():
    it = run(draw({"source": TABLE, "fail": "trial.fail", "after": "trial.pass_on", "beside": ("trial.pass_on", {"mark": 2})},
                  "source.table fail.table", "fail.table after.table", "source.table beside.table"))  # fmt: skip
    assert it.state == "failed"
    assert states(it) == {"source": "done", "fail": "failed", "after": "skipped", "beside": "done"}
    assert step(it, "after").why == "fail, which it depends on, failed."


def test_the_trace_of_a_stray_exception_is_in_the_log():
    it = run(draw({"source": TABLE, "fail": ("trial.fail", {"how": "stray"})}, "source.table fail.table"))
    lines = [event for event in flow.events(it) if event["type"] == "log" and event["level"] == "error"]
    assert any("ZeroDivisionError" in event["line"] for event in lines)
    assert step(it, "fail").error["code"] == "unexpected_error"


def test_a_stored_input_that_was_damaged_fails_the_step_and_the_next_run_mends_it(monkeypatch):
    monkeypatch.setattr(tasks, "_values", tasks.ValueCache(most_bytes=0))
    it = start(chain(1))
    finish(it, claim(it))
    flow.store(it.scope).path(flow.output(it, "source", "table").digest).write_bytes(b"spoiled")
    assert run_to_end(it).state == "failed"
    assert (step(it, "n0").error["code"], step(it, "n0").error["node"]) == ("damaged_input", "n0")
    assert run(chain(1), it.scope).state == "done"


def test_a_run_that_is_being_cancelled_is_not_gone_on_with():
    it = start(chain(1))
    taken = claim(it)
    flow.cancel(it)
    assert messages_of(it) == []
    assert states(it)["source"] == "running"
    lose(it, taken)
    assert run_to_end(it).state == "cancelled"


def test_a_step_that_is_stopped_without_a_cancel_runs_again(monkeypatch):
    real, tries = tasks.execute_step, []

    def stopped_once(*arguments):
        tries.append(1)
        if len(tries) == 1:
            raise Stopped
        return real(*arguments)

    monkeypatch.setattr(tasks, "execute_step", stopped_once)
    it = run(chain(0))
    assert told(it, "source") == ["running", "ready"], "what stopped it may be about to end this worker"
    assert run_to_end(it).state == "done"
    assert told(it, "source") == ["running", "ready", "running", "done"]
    assert step(it, "source").losses == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a query that is interrupted; test_team_installation runs it on PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_a_query_that_was_interrupted_leaves_a_connection_that_can_be_used(monkeypatch):
    def interrupted(*arguments):
        before = signal.signal(signal.SIGALRM, handle_stop)
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(30)")
        finally:
            signal.signal(signal.SIGALRM, before)

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "execute_step", interrupted)
        it = start(chain(0))
        work_on(it.id, enqueue=lambda *_: None)
    assert told(it, "source") == ["running", "ready"]
    assert run_to_end(it).state == "done"


@pytest.mark.django_db(transaction=True)
def test_what_was_done_is_written_down_though_the_database_was_away(monkeypatch):
    real, opened = ledger.open_ledger, []

    def writing(run):
        opened.append(run)
        if len(opened) in (2, 3):
            raise OperationalError("away")
        return real(run)

    monkeypatch.setattr(ledger, "open_ledger", writing)
    it = run(chain(0))
    assert (it.state, step(it, "source").attempt, len(opened)) == ("done", 1, 4)


@pytest.mark.django_db(transaction=True)
def test_a_claim_whose_answer_was_lost_is_no_riddle(monkeypatch):
    real, opened = ledger.open_ledger, []

    @contextmanager
    def writing(run):
        opened.append(run)
        with real(run) as unit:
            yield unit
        if len(opened) == 1:
            raise OperationalError("committed, but nobody says so")

    monkeypatch.setattr(ledger, "open_ledger", writing)
    it = run(chain(0))
    assert (it.state, step(it, "source").attempt, step(it, "source").losses) == ("done", 2, 0)
    assert told(it, "source") == ["running", "ready", "running", "done"]


def test_an_input_that_cannot_be_read_fails_the_step(monkeypatch):
    def unreadable(*_):
        raise RuntimeError("no such format")

    it = start(chain(1))
    monkeypatch.setattr(tasks._values, "get", unreadable)
    assert run_to_end(it).state == "failed"
    assert "no such format" in step(it, "n0").error["words"]


def test_texts_that_a_database_cannot_hold_do_not_stop_the_run(monkeypatch):
    def odd(*_):
        raise RuntimeError("half a \ud800 character and \x00")

    it = start(chain(1))
    monkeypatch.setattr(tasks._values, "get", odd)
    assert run_to_end(it).state == "failed"
    assert "\x00" not in step(it, "n0").error["words"]


def test_a_message_for_a_run_that_is_gone_is_no_failure(caplog):
    caplog.set_level("INFO")
    tasks.work("gone")
    assert "run gone is gone" in caplog.text


def script(code, execution=None):
    """A table and a script that reads it."""
    return draw({"source": TABLE, "script": ("script.python", {"code": code}, execution or {})}, "source.table script.first")


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)  # a thread of the reporter writes with a connection of its own
def test_peoples_code_is_carried_out_in_the_sandbox():
    it = run(script("import os\ndef main(t):\n    print(os.getpid() < 50)\n    return t.head(1), t.tail(2)"))
    assert states(it) == {"source": "done", "script": "done"}
    assert [event["line"] for event in flow.events(it) if event["type"] == "log"] == ["True"]
    assert flow.table(flow.output(it, "script", "second"), it.scope).frame.height == 2


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)  # a thread of the reporter writes with a connection of its own
def test_a_node_has_its_own_limits_in_the_sandbox():
    it = run(script("import time\ndef main(t):\n    time.sleep(60)", {"timeout_seconds": 2}))
    error = step(it, "script").error
    assert (error["code"], error["node"]) == ("took_too_long", "script") and "2\xa0s" in error["words"]


def test_the_memory_that_peoples_code_takes_in_the_sandbox_is_kept():
    code = "def main(t):\n    held = b'x' * 200 * 1024 ** 2\n    return t"
    it = run(script(code, {"memory_mb": 1024}))
    assert 190 * 1024**2 <= step(it, "script").peak_bytes < 400 * 1024**2  # a little of what was there at the start may be given back


def test_peoples_code_is_refused_by_the_worker_itself():
    it = run(script("def main(t):\n    return t", {"target": "worker"}))
    assert step(it, "script").error["code"] == "needs_walls"


@pytest.mark.parametrize("limits", [{"execution": {"memory_mb": 100}}, {"limits": {"step_memory_bytes": 100 * 2**20}}])
def test_a_query_is_bounded_by_the_memory_that_its_step_may_take(limits):
    query = {"query": "select * from range(100000000)"}
    it = run(draw({"source": TABLE, "sql": ("transform.sql", query, limits.pop("execution", {}))}, "source.table sql.t1"), **limits)
    assert step(it, "sql").error["code"] == "out_of_memory" and "50 MB" in step(it, "sql").error["words"]


def test_a_step_that_is_stopped_continues_at_its_checkpoint_in_another_run(tmp_path, monkeypatch):
    ledger_file = tmp_path / "climb"
    document = draw(
        {"source": TABLE, "climb": ("trial.climb", {"to": 5, "seconds": 0, "ledger": str(ledger_file)})}, "source.table climb.table"
    )

    def stop_at_three(self, done, total, words):
        if done == 3:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(tasks.StepReporter, "progress", stop_at_three)
        stopped = start(document, scope := new_scope())
        work_on(stopped.id, enqueue=lambda *_: None)
    assert states(stopped)["climb"] == "ready"
    other = run_to_end(start(document, scope))
    assert states(other)["climb"] == "done"
    assert [line.split()[0] for line in ledger_file.read_text().splitlines()] == ["from-0", "from-2"]
    assert not list(flow.store(scope).scratch().parent.glob("checkpoint-*"))
