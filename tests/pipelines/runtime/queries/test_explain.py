"""Every step can say why it was carried out or reused, down to the setting, the library and the column."""

import msgspec
import pytest
from django.utils import timezone

from pipelines import flow
from pipelines.models import Fan, Result, Run, Step
from tests.support.graph_builder import TABLE, chain, draw
from tests.support.ledger_driver import new_scope, run, start, step

pytestmark = pytest.mark.django_db


def why(it, node):
    return msgspec.json.decode(msgspec.json.encode(flow.explain(it, step(it, node))))


def told(it, node):
    return [(change["kind"], change["name"], change["before"], change["after"]) for change in why(it, node)["differences"]]


def test_the_first_of_its_kind_says_so():
    assert why(run(chain(1)), "n0") == {
        "reused": False,
        "run": None,
        "words": "There is no earlier result of this step.",
        "differences": [],
    }


def test_a_reused_step_names_the_run_that_made_it():
    scope = new_scope()
    first, second = run(chain(1), scope), run(chain(1), scope)
    found = why(second, "n0")
    assert (found["reused"], found["run"]) == (True, first.pk)
    assert found["words"].startswith(f"Nothing it depends on changed since run {first.pk[:8]}")


def test_a_changed_setting_is_told_with_both_values():
    scope = new_scope()
    first = run(chain(2), scope)
    second = run(chain(2).with_params("n1", mark=9), scope)
    assert (why(second, "n1")["run"], why(second, "n1")["words"]) == (first.pk, "Setting changed: mark.")
    assert told(second, "n1") == [("setting", "mark", 1, 9)]


def test_the_nearest_earlier_result_is_compared_not_the_newest():
    scope = new_scope()
    near = run(chain(1), scope)
    run(chain(1).with_params("n0", mark=5).with_params("source", text="a,b\n9,9"), scope)
    third = run(chain(1).with_params("n0", mark=7), scope)
    assert (why(third, "n0")["run"], told(third, "n0")) == (near.pk, [("setting", "mark", 0, 7)])


def test_a_step_of_another_pipeline_is_no_earlier_one_unless_its_result_was_used():
    scope = new_scope()
    strange = run(chain(2), scope)
    Run.objects.filter(pk=strange.pk).update(document="another")
    assert why(run(chain(2).with_params("n1", mark=9), scope), "n1")["words"] == "There is no earlier result of this step."
    assert why(run(chain(2), scope), "n1")["reused"]
    assert (why(found := run(chain(2).with_params("n1", mark=5), scope), "n1")["run"] != strange.pk) and told(found, "n1")


def test_the_columns_whose_content_differs_are_named():
    scope = new_scope()
    run(chain(1), scope)
    second = run(chain(1).with_params("source", text="a,b\n1,x\n2,changed\n3,z"), scope)
    assert told(second, "n0") == [("input", "table", None, None), ("column", "b", "other values", "new values")]
    assert why(second, "n0")["words"] == "New data at table. Columns that differ: b."
    assert flow.explain(second, step(second, "n0"), columns=False).words == "New data at table."


def test_a_changed_library_is_named():
    scope = new_scope()
    for each in Step.objects.filter(run=run(chain(1), scope)):
        Step.objects.filter(pk=each.pk).update(key=f"old {each.key}"[:64])
    for result in Result.objects.filter(scope=scope):
        result.ingredients["libraries"] = {"polars": "0.1"}
        result.key = f"old {result.key}"[:64]
        result.save()
    second = run(chain(1), scope)
    (change,) = told(second, "n0")
    assert change[:3] == ("library", "polars", "0.1")
    assert why(second, "n0")["words"].startswith("The library polars changed from 0.1 to ")


def test_a_result_that_was_damaged_was_made_anew():
    scope = new_scope()
    first = run(chain(1), scope, document="d")
    flow.store(scope).path(step(first, "source").outputs["table"]["digest"]).write_bytes(b"?")
    second = run(chain(1), scope, document="d")
    assert (why(second, "source")["run"], why(second, "source")["words"]) == (
        first.pk,
        "Its earlier result was missing or damaged, so it was computed again.",
    )


def test_what_was_asked_for_needs_no_difference():
    scope = new_scope()
    run(chain(1), scope)
    assert why(run(chain(1), scope, forced=["n0"]), "n0")["words"] == "Run again on request."


def test_what_has_not_begun_says_so():
    assert why(start(chain(1)), "n0")["words"] == "It has not run yet."
    it = run(draw({"source": TABLE, "fail": "trial.fail", "n0": "trial.pass_on"}, "source.table fail.table", "fail.table n0.table"))
    assert why(it, "n0")["words"] == "fail, which it depends on, failed."


def test_a_step_whose_items_had_failed_was_made_anew_for_them():
    scope = new_scope()
    first = run(chain(1), scope, document="d")
    Fan.objects.create(run=first, node="source", index=0, noun="groups", total=2, ended=2, failed=1, opened_at=timezone.now())
    flow.store(scope).path(step(first, "source").outputs["table"]["digest"]).write_bytes(b"?")
    second = run(chain(1), scope, document="d")
    assert why(second, "source")["words"] == "Some of its items had failed, so it was computed again."
