"""Receipts: a run by hashes, equal for equal runs; and the first difference of one that does not repeat."""

import pytest

from pipelines import flow
from pipelines.execution import deferred
from pipelines.models import Result, Run, Step
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import new_scope, run, run_to_end, start

pytestmark = pytest.mark.django_db


def split(fraction=0.5):
    return draw({"source": TABLE, "split": ("transform.split_data", {"fraction": fraction})}, "source.table split.table")


def verified(first):
    return run_to_end(flow.rerun(first, verify=True, enqueue=lambda _: None))


def test_a_receipt_has_hashes_of_code_settings_and_results():
    made = run(split())
    told = flow.receipt(made)
    step = told.steps["split"]
    assert (told.run, told.state, list(told.steps)) == (made.id, "done", ["source", "split"])
    assert step.ingredients is not None and step.ingredients["settings"]["fraction"] == 0.5
    assert len(step.ingredients["module"]["source"]) == 64 and "polars" in step.ingredients["libraries"]
    assert set(step.outputs) == {"first", "second"} and step.made_by == made.id


def test_a_run_that_reuses_has_the_same_digest_as_one_that_computes():
    scope = new_scope()
    first, second = run(split(), scope), run(split(), scope)
    assert flow.receipt(first).digest == flow.receipt(second).digest
    assert flow.receipt(run(split(0.25), scope)).digest != flow.receipt(first).digest


def test_a_receipt_keeps_its_digest_when_its_run_is_verified_and_its_results_are_cleaned_up():
    first = run(split())
    before = flow.receipt(first)
    verified(first)
    after = flow.receipt(first)
    assert (after.digest, before.steps["split"].made_by == after.steps["split"].made_by) == (before.digest, False)
    Result.objects.filter(scope=first.scope).delete()
    assert flow.receipt(first).digest == before.digest and flow.receipt(first).steps["split"].ingredients is None


def test_verifying_executes_all_and_says_that_all_is_equal():
    first = run(split())
    again = verified(first)
    assert not any(step.reused for step, _ in flow.steps(again))
    told = flow.verdict(again, first)
    assert (told.state, told.compared, told.words) == ("equal", 2, "All 2 steps gave the same results, to the last bit.")


@pytest.mark.parametrize("change", [lambda file: file.write_bytes(b"other"), lambda file: file.unlink()], ids=["changed", "missing"])
def test_a_stored_result_that_was_changed_or_lost_is_told_and_stored_again(change):
    first = run(split())
    output = flow.receipt(first).steps["split"].outputs["second"]
    file = flow.store(first.scope).path(output.digest)
    change(file)
    told = flow.verdict(verified(first), first)
    assert (told.state, told.words) == (
        "equal",
        "All 2 steps gave the same results, to the last bit. 1 stored result was missing or changed, and stored again: “Split Data”.",
    )
    assert flow.store(first.scope).has(output.digest)


def test_a_verification_that_goes_on_says_so():
    first = run(split())
    assert flow.verdict(flow.rerun(first, verify=True, enqueue=lambda _: None), first).state == "going"


def test_a_result_that_does_not_repeat_is_named():
    first = run(split())
    outputs = {"first": {"kind": "table", "digest": "0" * 64, "bytes": 3}, "second": {"kind": "table", "digest": "1" * 64, "bytes": 3}}
    Step.objects.filter(run=first, node="split").update(outputs=outputs)
    told = flow.verdict(verified(first), first)
    assert (told.state, told.node, told.compared) == ("differs", "split", 1)
    assert told.words.startswith("The result at first, second differs, though code, settings, libraries and data are the same.")


def test_code_that_changed_is_named_before_what_follows_from_it():
    first = run(split())
    row = Step.objects.get(run=first, node="source")
    older = Result.objects.get(scope=first.scope, key=row.key)
    changed = {**older.ingredients, "libraries": {"polars": "0.1"}}
    Result.objects.create(
        scope=first.scope, key="f" * 64, module=older.module, node="source", run=first.id, ingredients=changed,
        outputs=older.outputs, seconds=0.1, created_at=older.created_at,
    )  # fmt: skip
    Step.objects.filter(pk=row.pk).update(key="f" * 64)
    told = flow.verdict(verified(first), first)
    assert (told.state, told.node) == ("differs", "source")
    assert told.words.startswith("The library polars changed from 0.1 to ")


def test_a_step_that_fails_differs():
    graph = draw({"source": TABLE, "on": "trial.pass_on"}, "source.table on.table")
    first = run(graph)
    again = start(graph, first.scope)
    Run.objects.filter(pk=again.pk).update(finished_at=first.finished_at)
    again.refresh_from_db()
    told = flow.verdict(again, first)
    assert (told.state, told.node) == ("differs", "source") and "did not finish" in told.words
    Step.objects.filter(run=again, node="source").update(state="failed", error={"words": "Its data is lost."})
    assert flow.verdict(again, first).words == "The step failed, which it had not: Its data is lost."


def test_places_of_connections_are_hashed():
    made = run(split())
    row = Step.objects.get(run=made, node="split")
    result = Result.objects.get(scope=made.scope, key=row.key)
    Result.objects.filter(pk=result.pk).update(ingredients={**result.ingredients, "source": {"storage": "postgresql://db.inside/sales"}})
    told = flow.receipt(made).steps["split"].ingredients
    assert told is not None and "inside" not in str(told) and len(told["source"]["storage"]) == 64


LARGE = {
    "source": TABLE,
    "keep": ("transform.filter_rows", {"condition": "formula", "formula": "a > 1"}),
    "cut": ("transform.split_data", {}),
}
WIRES = ("source.table keep.table", "keep.table cut.table")


def test_large_tables_that_are_stored_are_compared_by_their_bytes(monkeypatch):
    monkeypatch.setattr(deferred, "LARGE", 0)
    first = run(draw(LARGE, *WIRES), to=["keep", "cut"])
    row = Step.objects.get(run=first, node="keep")
    receipt = flow.receipt(first).steps["keep"].outputs["table"]
    assert (receipt.digest, receipt.source) == (row.outputs["table"]["digest"], row.outputs["table"]["key"])
    Step.objects.filter(pk=row.pk).update(outputs={"table": {**row.outputs["table"], "digest": "0" * 64}})
    told = flow.verdict(verified(first), first)
    assert (told.state, told.node) == ("differs", "keep")


def test_tables_are_passed_on_or_stored_as_they_were(monkeypatch):
    monkeypatch.setattr(deferred, "LARGE", 690)  # the source is large, and what is kept of it is not
    scope = new_scope()
    run(draw({name: LARGE[name] for name in ("source", "keep")}, WIRES[0]), scope)
    reused = run(draw(LARGE, *WIRES), scope)
    assert flow.receipt(reused).steps["keep"].outputs["table"].stored
    assert flow.verdict(verified(reused), reused).words == "All 3 steps gave the same results, to the last bit."
    passed_on = run(draw(LARGE, *WIRES))
    told = flow.verdict(verified(passed_on), passed_on)
    assert (told.state, told.compared) == ("equal", 3) and "1 step passes rows on without storing them" in told.words
