"""The ledger of a run: claims are fenced, losses are counted, results are reused with a reason, and what has ended stays."""

import json
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from pipelines import events as say
from pipelines import flow
from pipelines.execution.schedule import TERMINAL, State
from pipelines.execution.step import Outcome
from pipelines.models import Run, Step
from pipelines.runtime.ledger import leases, ledger
from pipelines.runtime.ledger.claim import Fence, StepEnd
from tests.support.graph_builder import chain, draw, fan
from tests.support.ledger_driver import (
    BAD,
    claim,
    fail,
    finish,
    kept,
    lose,
    new_scope,
    reload,
    run,
    start,
    states,
    step,
    stop,
)

pytestmark = pytest.mark.django_db


def test_a_new_run_is_ready_where_nothing_is_needed():
    assert states(start(chain(2))) == {"source": "ready", "n0": "waiting", "n1": "waiting"}


def test_the_results_of_a_step_make_its_readers_ready():
    it = start(fan(2))
    assert finish(it, claim(it))
    assert states(it) == {"source": "done", "n0": "ready", "n1": "ready"}


def test_a_step_that_needs_several_waits_for_all():
    it = start(draw({"a": ("data.enter_data", {"text": "a\n1"}), "b": ("data.enter_data", {"text": "a\n2"}), "c": "trial.gather"},
                    "a.table c.tables", "b.table c.tables"))  # fmt: skip
    finish(it, claim(it), 1)
    assert states(it)["c"] == "waiting"
    finish(it, claim(it), 2)
    assert states(it)["c"] == "ready"


def test_a_claim_signs_for_the_step_until_its_lease_ends():
    it = start(chain(1))
    taken = claim(it, owner="w.7")
    held = step(it, "source")
    assert (held.state, held.owner, held.attempt, taken.attempt) == ("running", "w.7", 1, 1)
    assert held.lease_until - held.started_at == leases.LEASE
    assert reload(it).state == "running"
    assert claim(it) is None


def test_a_worker_goes_on_with_what_reads_its_last_result():
    it = start(draw({"a": ("data.enter_data", {"text": "a\n1"}), "b": ("data.enter_data", {"text": "a\n2"}), "on": "trial.pass_on"},
                    "a.table on.table"))  # fmt: skip
    first = claim(it)
    with ledger.open_ledger(it.id) as unit:
        unit.finish(first, {"table": kept(it)}, 0.1)
        assert unit.claim("w.1", near="a").node == "on"


LINE = say.log("source", "a line")


@pytest.mark.parametrize(
    ("outcome", "left", "of_run"),
    [
        (Outcome(), {"source": "done", "n0": "ready"}, "running"),
        (Outcome(problem=BAD), {"source": "failed", "n0": "skipped"}, "failed"),
        (None, {"source": "ready", "n0": "waiting"}, "running"),
    ],
)
def test_the_end_of_a_step_is_settled_with_its_last_events(outcome, left, of_run):
    it = start(chain(1))
    end = StepEnd(claim(it), outcome, [LINE], 0.5)
    with ledger.open_ledger(it.id) as unit:
        assert unit.settle(end)
    assert (states(it), reload(it).state) == (left, of_run)
    with ledger.open_ledger(it.id) as unit:
        assert not unit.settle(end), "its attempt is over"
    assert (states(it), [event["line"] for event in flow.events(it) if event["type"] == "log"]) == (left, ["a line"])


def test_whoever_knows_node_and_attempt_may_end_a_step_and_a_late_one_may_not():
    it = start(chain(0))
    lose(it, claim(it)), claim(it)
    with ledger.open_ledger(it.id) as unit:
        assert not unit.fail(Fence("source", 1), BAD)
        assert unit.fail(Fence("source", 2), BAD)
    assert reload(it).state == "failed"


def test_messages_are_for_the_surplus_only():
    it = start(fan(5))
    first = claim(it)
    with ledger.open_ledger(it.id) as unit:
        unit.finish(first, {"table": kept(it)}, 0.1)
        unit.claim("w.1", near="source")
        assert unit.wakeups == 4


# Fencing and losses


def test_a_late_writer_changes_nothing():
    it = start(chain(1))
    late = claim(it)
    lose(it, late)
    now = claim(it, owner="w.2")
    before, last = list(Step.objects.filter(run=it).order_by("id").values()), reload(it).last_event
    assert (now.attempt, finish(it, late), fail(it, late), stop(it, late)) == (2, False, False, False)
    lose(it, late)
    assert list(Step.objects.filter(run=it).order_by("id").values()) == before
    assert reload(it).last_event == last
    assert finish(it, now)
    assert not finish(it, late) and not finish(it, now)


def test_a_writer_whose_step_was_given_back_is_late_even_before_it_is_claimed_again():
    it = start(chain(1))
    late = claim(it)
    lose(it, late)
    assert not finish(it, late)
    assert states(it)["source"] == "ready"


def test_three_losses_fail_the_step_with_a_sentence_and_strand_the_rest():
    it = start(chain(2))
    for attempt in (1, 2, 3):
        taken = claim(it)
        assert taken.attempt == attempt
        lose(it, taken)
    assert states(it) == {"source": "failed", "n0": "skipped", "n1": "skipped"}
    error = step(it, "source").error
    assert (error["code"], error["node"]) == ("worker_lost", "source")
    assert error["words"].startswith("The worker stopped 3 times") and "memory" in error["words"]
    assert reload(it).state == "failed"


def test_a_lost_step_says_that_it_starts_again():
    it = start(chain(1))
    lose(it, claim(it))
    logs = [event for event in flow.events(it) if event["type"] == "log"]
    assert [event["level"] for event in logs] == ["warning"]
    assert "is restarted" in logs[0]["line"]


def test_a_module_that_the_worker_does_not_know_fails_its_step():
    it = start(chain(1))
    Run.objects.filter(pk=it.id).update(plan=json.loads(json.dumps(it.plan).replace("data.enter_data", "data.of_tomorrow")))
    assert claim(it) is None
    assert (reload(it).state, states(it)) == ("failed", {"source": "failed", "n0": "skipped"})
    assert step(it, "source").error["code"] == "unknown_module"


# Reuse


def test_the_same_again_is_reused_and_says_since_when():
    scope = new_scope()
    first, second = run(chain(2), scope), run(chain(2), scope)
    again = step(second, "n1")
    assert second.state == "done" and set(states(second).values()) == {"done"}
    made = step(first, "n1").finished_at.strftime("%Y-%m-%d %H:%M")
    assert (again.reused, again.attempt) == (True, 0)
    assert again.why == f"Nothing it depends on changed since run {first.pk[:8]} of {made} UTC."
    assert again.outputs == step(first, "n1").outputs


def test_a_reused_result_keeps_its_warnings():
    scope = new_scope()
    first = start(chain(1), scope)
    taken = claim(first)
    with ledger.open_ledger(first.id) as unit:
        unit.record_events(taken, [say.log("source", "Read."), say.log("source", "2 rows left out.", "warning")])
    finish(first, taken)
    finish(first, claim(first))
    for it in (run(chain(1), scope), run(chain(1), scope)):
        assert warnings(it) == [("source", "2 rows left out.")]


def test_a_reused_result_has_no_warning_of_an_attempt_that_gave_none():
    scope = new_scope()
    first = start(chain(1), scope)
    lose(first, claim(first))
    finish(first, claim(first))
    finish(first, claim(first))
    assert warnings(first)
    assert warnings(run(chain(1), scope)) == []


def warnings(it):
    return [(event["node"], event["line"]) for event in flow.events(it) if event.get("level") == "warning"]


def test_nothing_is_reused_across_workspaces():
    run(chain(1), new_scope())
    second = run(chain(1), new_scope())
    assert not Step.objects.filter(run=second, reused=True).exists()


def test_a_change_runs_again_from_there_and_no_further_than_results_differ():
    scope = new_scope()
    run(chain(3), scope)
    second = run(chain(3).with_params("n1", mark=9), scope)
    assert [step(second, node).reused for node in ("source", "n0", "n1")] == [True, True, False]
    assert step(second, "n2").reused, "its input has the same content as before"


def test_force_runs_everything_again():
    scope = new_scope()
    run(chain(1), scope)
    second = run(chain(1), scope, force=True)
    assert [(step(second, node).reused, step(second, node).why) for node in ("source", "n0")] == [(False, "Run again on request.")] * 2


def test_one_node_is_forced_and_what_comes_out_the_same_stops_there():
    scope = new_scope()
    run(chain(3), scope)
    second = run(chain(3), scope, forced=["n0"])
    assert [step(second, node).reused for node in ("source", "n0", "n1", "n2")] == [True, False, True, True]


def test_a_flipped_byte_in_the_store_is_made_anew_and_never_used():
    scope = new_scope()
    first = run(chain(1), scope)
    digest = step(first, "source").outputs["table"]["digest"]
    place = flow.store(scope).path(digest)
    whole = place.read_bytes()
    place.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    second = run(chain(1), scope)
    assert not step(second, "source").reused
    assert place.read_bytes() == whole


# Stopping at the first failure


def test_a_failure_leaves_the_rest_of_the_run_alone():
    it = start(fan(3))
    finish(it, claim(it))
    fail(it, claim(it))
    assert sorted(states(it).values()) == ["done", "failed", "ready", "ready"]


def test_a_run_may_be_told_to_stop_at_the_first_failure():
    it = start(fan(3), stop_on_failure=True)
    finish(it, claim(it))
    failing, going = claim(it), claim(it)
    fail(it, failing)
    assert states(it) == {"source": "done", "n0": "failed", "n1": "running", "n2": "skipped"}
    assert step(it, "n2").why == "The run stops on first failure, and n0 failed."
    assert reload(it).cancelling, "what runs is told to stop"
    stop(it, going)
    assert (reload(it).state, step(it, "n1").state) == ("failed", "cancelled")


# Cancelling and stopping


@pytest.mark.parametrize("state", sorted(TERMINAL - {State.SKIPPED}))
def test_the_database_keeps_a_step_that_has_ended(state):
    it = start(chain(0))
    taken = claim(it)
    Step.objects.filter(pk=taken.id).update(state=state)
    for other in set(State) - {state}:
        with pytest.raises(IntegrityError), transaction.atomic():
            Step.objects.filter(pk=taken.id).update(state=other)
    assert states(it)["source"] == state


def test_the_database_keeps_a_run_that_has_ended():
    it = run(chain(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Run.objects.filter(pk=it.id).update(state="running")


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_one_step():
    it = start(fan(12))
    finish(it, claim(it))
    taken, gate = [], threading.Barrier(4)

    def take(owner):
        gate.wait()
        while mine := claim(it, owner=owner):
            taken.append(mine.id)
        connection.close()

    threads = [threading.Thread(target=take, args=(f"w.{index}",)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken)) == 12
