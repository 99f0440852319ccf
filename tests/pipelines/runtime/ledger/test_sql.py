"""The hot statements in SQL write and read what the models say."""

from datetime import timedelta

import msgspec
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pipelines.execution.output import ColumnInfo, Output
from pipelines.models import Event, Result, Run, Step
from pipelines.runtime.ledger import sql
from tests.support.graph_builder import fan
from tests.support.ledger_driver import start, states

pytestmark = pytest.mark.django_db


def result(key="k", scope="s", **facts):
    facts = {
        "module": "m",
        "node": "n",
        "run": "r1",
        "ingredients": {"a": 1},
        "outputs": {"t": 1},
        "seconds": 0.5,
        "peak_bytes": None,
        "input_bytes": 0,
        "created_at": timezone.now(),
        **facts,
    }
    return {"scope": scope, "key": key, **facts}


def test_a_run_is_locked_with_its_facts():
    it = start(fan(1))
    locked, now = sql.lock_run(it.id)
    assert vars_of(locked) == vars_of(Run.objects.get(pk=it.id))
    assert abs(now - timezone.now()) < timedelta(seconds=1)


def vars_of(run):
    return {name: getattr(run, name) for name in sql.RUN_FACTS}


def test_a_run_that_is_not_there_cannot_be_locked():
    with pytest.raises(Run.DoesNotExist):
        sql.lock_run("0" * 32)


def test_a_new_step_is_what_its_model_says():
    it = start(fan(1))
    for step in Step.objects.filter(run=it):
        own = {"id": step.id, "run_id": it.id, "node": step.node, "missing": step.missing, "state": step.state}
        assert own["state"] == ("waiting" if own["missing"] else "ready")
        assert {field.attname: getattr(step, field.attname) for field in Step._meta.concrete_fields} == {
            field.attname: own.get(field.attname, field.get_default()) for field in Step._meta.concrete_fields
        }


def test_steps_are_found_by_node_or_all():
    it = start(fan(2))
    assert [step.node for step in sql.steps(it.id)] == ["source", "n0", "n1"]
    assert [(step.node, step.missing) for step in sql.steps(it.id, ["n1"])] == [("n1", 1)]
    assert sql.steps(it.id, ["ghost"]) == []


def test_a_ready_step_is_found_but_for_those_left_out():
    it = start(fan(1))
    now = timezone.now()
    ready = sql.first_ready(it.id, now, [])
    assert ready.node == "source"
    assert sql.first_ready(it.id, now, [ready.id]) is None


def test_a_step_that_waits_for_another_try_is_not_ready_before_its_time():
    it = start(fan(1))
    now = timezone.now()
    Step.objects.filter(run=it, node="source").update(ready_at=now + timedelta(seconds=5))
    assert sql.first_ready(it.id, now, []) is None
    found = sql.first_ready(it.id, now + timedelta(seconds=5), [])
    assert found.ready_at == now + timedelta(seconds=5)
    assert sql.steps(it.id, ["n0"])[0].ready_at is None


def test_changes_are_written_to_their_steps_alone():
    it = start(fan(3))
    ids = {step.node: step.id for step in sql.steps(it.id)}
    now = timezone.now()
    sql.update_steps(
        [
            (ids["n0"], {"state": "ready", "missing": 0}),
            (ids["n1"], {"state": "ready", "missing": 0}),
            (ids["n2"], {"error": {"é": [1]}, "lease_until": now}),
        ]
    )
    assert states(it) == {"source": "ready", "n0": "ready", "n1": "ready", "n2": "waiting"}
    changed = Step.objects.get(pk=ids["n2"])
    assert (changed.error, changed.lease_until) == ({"é": [1]}, now)


def test_two_events_of_one_number_are_refused():
    it = start(fan(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.add_events(it.id, timezone.now(), [{"seq": 1, "type": "run"}])
    assert Event.objects.filter(run=it).count() == 1


def test_a_result_takes_the_place_of_an_older_one_of_its_key_and_scope():
    one, two, three = ({"t": Output("table", digest, 1, 2, (ColumnInfo("é\0", "Int64", "number"),))} for digest in "abc")
    sql.save_result(result(outputs=one))
    sql.save_result(result(outputs=two, run="r2"))
    sql.save_result(result(outputs=three, scope="other"))
    found = sql.cached_result("s", "k")
    assert (found.outputs["t"].digest, found.outputs["t"].columns[0].name, found.run) == ("b", "é\ufffd", "r2")
    assert msgspec.json.decode(found.text, type=dict[str, Output]) == found.outputs
    assert found.at == Result.objects.get(scope="s").created_at.strftime("%Y-%m-%d %H:%M")
    assert sql.cached_result("s", "unknown") is None
    assert Result.objects.count() == 2


def test_the_peaks_of_a_module_are_found_newest_first():
    now = timezone.now()
    for age, peak in enumerate((30, None, 10)):
        sql.save_result(result(f"k{age}", peak_bytes=peak, input_bytes=age, created_at=now - timedelta(seconds=age)))
    sql.save_result(result("elsewhere", peak_bytes=99, scope="other"))
    assert sql.past_peaks("s", "m") == [(30, 0), (10, 2)]
    assert sql.past_peaks("s", "m", most=1) == [(30, 0)]
    assert sql.past_peaks("s", "another module") == []


def test_texts_that_no_database_holds_are_mended_and_others_left():
    it = start(fan(1))
    words = ["half \ud800", "nul \x00", "whole \\u0000 🙂"]
    sql.add_events(it.id, timezone.now(), [{"seq": 9 + place, "line": line, "of": [{line: 1}]} for place, line in enumerate(words)])
    kept = [event.body["line"] for event in Event.objects.filter(run=it, seq__gte=9).order_by("seq")]
    assert kept == ["half ?", "nul \ufffd", "whole \\u0000 🙂"]


def test_steps_that_the_caller_has_are_not_made_again():
    it = start(fan(2))
    nodes = {step.node for step in sql.steps(it.id)}
    assert {step.node for step in sql.steps(it.id, but={"source"})} == nodes - {"source"}
