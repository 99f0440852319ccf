"""For Each in a run: items by group, what leaves, what is reused, and what fails."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import flow
from pipelines.catalogue.ports import Table
from pipelines.graph import codec
from pipelines.models import Item
from pipelines.runtime.ledger.run_spec import spec_of
from tests.support.graph_builder import document
from tests.support.ledger_driver import new_scope, run, states, step
from tests.support.module_runner import run as module_runner

pytestmark = pytest.mark.django_db

ROWS = "shop,day,sold\na,1,10\nb,1,3\na,2,20\nb,2,5\nc,1,7\n"


def repeated(nodes, *wires, inside=None, text=ROWS, groups=None, **settings):
    """A table `data`, For Each `each` and modules after it; those of `inside` are in its sub-pipeline, all unless given."""
    groups = {"groups": ["shop"]} if groups is None else groups
    given = {"data": ("data.enter_data", {"text": text}), "each": ("transform.for_each", {**groups, **settings}), **nodes}
    drawn = document(given, "data.table each.table", *wires)
    for node in ("each", *(nodes if inside is None else inside)):
        drawn["nodes"][node]["group"] = "part"
    return codec.load({**drawn, "groups": {"part": {"title": "Each shop"}}})


NORMAL = ("transform.normalize", {"columns": ["sold"]})


def table(it, node, port="table"):
    return flow.table(flow.output(it, node, port), it.scope).frame


def executed(it):
    """The keys of the items that were executed, not reused."""
    return sorted(Item.objects.filter(run=it, reused=False).values_list("key", flat=True))


def test_the_tables_of_all_groups_are_put_together_in_the_order_of_the_source():
    it = run(repeated({"scale": NORMAL}, "each.rows scale.table"))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    frame = table(it, "scale")
    assert frame.columns == ["shop", "day", "sold"]
    assert frame["shop"].to_list() == ["a", "a", "b", "b", "c"]
    assert frame["sold"].round(6).to_list() == [-1.0, 1.0, -1.0, 1.0, 0.0]
    assert table(it, "each", "failures").columns == ["item", "code", "words", "remedy"] and table(it, "each", "failures").is_empty()
    assert_frame_equal(table(it, "each", "rows"), table(it, "data"))


def test_one_changed_group_is_executed_and_the_others_are_reused():
    scope, drawn = new_scope(), {"scale": NORMAL, "after": "trial.pass_on"}
    wires, inside = ("each.rows scale.table", "scale.table after.table"), ["scale"]
    first = run(repeated(drawn, *wires, inside=inside), scope)
    assert executed(first) == ["a", "b", "c"]
    other = run(repeated(drawn, *wires, inside=inside, text=ROWS.replace("b,2,5", "b,2,6")), scope)
    assert executed(other) == ["b"] and table(other, "after")["shop"].to_list() == ["a", "a", "b", "b", "c"]
    more = run(repeated(drawn, *wires, inside=inside, text="shop,day,sold\nz,1,1\n" + ROWS.partition("\n")[2]), scope)
    assert executed(more) == ["z"] and table(more, "scale")["shop"][0] == "z"


def test_names_places_and_titles_are_no_part_of_what_is_reused():
    scope = new_scope()
    run(repeated({"scale": NORMAL}, "each.rows scale.table"), scope)
    document_ = codec.dump(repeated({"anything": NORMAL}, "each.rows anything.table"))
    document_["nodes"]["anything"] |= {"title": "Another", "position": [400, 20]}
    document_["groups"]["part"] |= {"title": "Other", "position": [9, 9]}
    again = run(codec.load(document_), scope)
    assert all(one.reused for one, _ in flow.steps(again)) and table(again, "anything").height == 5


def test_a_change_inside_executes_every_item_again_and_says_so():
    scope = new_scope()
    run(repeated({"scale": NORMAL}, "each.rows scale.table"), scope)
    other = run(repeated({"scale": ("transform.normalize", {"columns": ["sold"], "method": "minmax"})}, "each.rows scale.table"), scope)
    assert executed(other) == ["a", "b", "c"]
    assert flow.explain(other, step(other, "each")).words == "The modules that are repeated changed."


def test_what_does_not_depend_on_the_items_is_executed_once_and_given_to_each_whole():
    names = ("data.enter_data", {"text": "shop,name\na,Alpha\nb,Beta\n"})
    join = ("transform.join", {"left_keys": ["shop"], "right_keys": ["shop"]})
    it = run(repeated({"names": names, "join": join}, "each.rows join.left", "names.table join.right"))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    assert spec_of(it.id).step("each").needs == {"data", "names"} and table(it, "names").height == 2
    assert table(it, "join")["name"].to_list() == ["Alpha", "Alpha", "Beta", "Beta"]


def trained(**settings):
    """A model for each shop that predicts the rows it was trained on, judged; shop `c` has one row, which a correlation cannot be made of."""
    nodes = {
        "learner": "regression.linear_regression",
        "train": ("training.train_model", {"label": "sold"}),
        "score": "scoring.score_model",
        "judge": "evaluation.evaluate_model",
    }
    wires = (
        "learner.model train.untrained",
        "each.rows train.table",
        "train.model score.model",
        "each.rows score.table",
        "score.table judge.scored",
    )
    return repeated(nodes, *wires, **settings)


def test_figures_of_a_report_become_a_table():
    it = run(trained(text=ROWS + "c,2,9\n"))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    figures = table(it, "judge", "report")
    assert figures["shop"].to_list() == ["a", "b", "c"] and {"name", "mean_absolute_error"} <= set(figures.columns)
    assert states(it).keys() >= {"learner", "train", "score", "judge"} and set(states(it).values()) == {"done"}
    assert not step(it, "train").outputs


def test_the_models_of_all_groups_score_their_rows_elsewhere():
    text = "shop,a,y\n" + "\n".join(f"{'abc'[at % 3]},{at},{(at % 3 + 1) * at + at % 2}" for at in range(36)) + "\nd,1,\nd,2,\n"
    nodes = {
        "known": ("transform.derive_column", {"name": "b", "formula": "a * 2"}),
        "learner": "regression.linear_regression",
        "train": ("training.train_model", {"label": "y"}),
        "score": "scoring.score_model_by_group",
    }
    wires = ("each.rows known.table", "known.table train.table", "learner.model train.untrained")
    outside = ("train.model score.models", "data.table more.table", "more.table score.table")
    nodes["more"] = ("transform.derive_column", {"name": "b", "formula": "a * 2"})
    graph = repeated(nodes, *wires, *outside, text=text, inside=["known", "train"], failures="all")
    it = run(graph)
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    scored = table(it, "score")
    alone = module_runner("regression.linear_regression", {})["model"]
    for shop in "abc":
        rows = table(it, "more").filter(pl.col("shop") == shop)
        model = module_runner("training.train_model", {"label": "y"}, untrained=alone, table=Table(rows))["model"]
        expected = module_runner("scoring.score_model", {}, model=model, table=Table(rows))["table"].frame["Scored Labels"]
        assert scored.filter(pl.col("shop") == shop)["Scored Labels"].equals(expected)
    by = scored.group_by("shop").agg(pl.col("Scored By").unique()).sort("shop")["Scored By"].to_list()
    assert by == [["own model"]] * 3 + [["no model"]]
    changed = repeated(nodes, *wires, *outside, text=text + "a,99,9\n", inside=["known", "train"], failures="all")
    assert executed(run(changed, it.scope)) == ["a", "a", "d"]  # “a” is trained and scored, and a group that failed is tried again


def test_models_of_different_columns_are_no_models_by_group():
    text = "shop,a,y\n" + "\n".join(f"{'ab'[at % 2]},{at % 7},{'xyz'[at // 2 % (2 + at % 2)]}" for at in range(40))
    nodes = {"learner": "classification.multiclass_logistic_regression", "train": ("training.train_model", {"label": "y"})}
    it = run(repeated(nodes, "each.rows train.table", "learner.model train.untrained", text=text))
    assert it.state == "failed" and "different tasks" in step(it, "each").error["words"]


def test_an_item_that_fails_is_a_row_of_the_failures():
    failing = {"text": "shop,day,sold\na,1,10\na,2,20\nb,1,\nb,2,\n", "failures": "all"}
    it = run(trained(**failing))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    (row,) = table(it, "each", "failures").to_dicts()
    assert row["item"] == "b" and row["words"].startswith("Train Model: ") and row["remedy"]
    assert table(it, "judge", "report")["shop"].to_list() == ["a"]
    again = run(trained(**failing), it.scope)
    assert executed(again) == ["b"]


def test_by_itself_the_first_failure_stops_the_step():
    it = run(trained(text="shop,day,sold\na,1,10\na,2,20\nb,1,\n"))
    assert states(it)["each"] == "failed" and states(it)["score"] == "skipped"
    assert "b: Train Model: " in step(it, "each").error["words"]


@pytest.mark.parametrize(
    ("policy", "state"),
    [({"failures": "number", "failed_number": 1}, "done"), ({"failures": "number", "failed_number": 0}, "failed"),
     ({"failures": "share", "failed_share": 50}, "done"), ({"failures": "share", "failed_share": 49}, "failed")],
)  # fmt: skip
def test_so_many_items_may_fail(policy, state):
    it = run(trained(text="shop,day,sold\na,1,10\na,2,20\nb,1,\n", **policy))
    assert states(it)["each"] == state


@pytest.mark.parametrize("groups", [{}, {"each": "row"}])
def test_no_rows_give_tables_without_rows_and_with_their_columns(groups):
    given = groups or {"groups": ["shop"]}
    nodes = {"none": ("transform.filter_rows", {"column": "sold", "condition": "greater", "value": "100"}), "scale": NORMAL}
    drawn = codec.dump(repeated(nodes, "data.table none.table", "each.rows scale.table", inside=["scale"], groups=given))
    drawn["edges"] = [["none.table" if pair == ["data.table", "each.table"] else pair[0], pair[1]] for pair in drawn["edges"]]
    it = run(codec.load(drawn))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    frame = table(it, "scale")
    assert frame.is_empty() and set(frame.columns) == {"shop", "day", "sold", *(["row"] if groups else [])}


def test_each_row_is_an_item_named_by_its_values():
    it = run(repeated({"scale": ("transform.select_columns", {"columns": ["sold"]})}, "each.rows scale.table", groups={"each": "row"},
                      text="shop,day,sold\na,1,10\na,1,10\nb,1,3\n"))  # fmt: skip
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    assert executed(it) == ["a · 1 · 10", "a · 1 · 10 (2)", "b · 1 · 3"]
    assert table(it, "scale").rows() == [(1, 10), (2, 10), (3, 3)]


def test_it_is_nested():
    nodes = {"inner": ("transform.for_each", {"groups": ["day"]}), "scale": NORMAL, "after": "trial.pass_on"}
    wires = ("each.rows inner.table", "inner.rows scale.table", "scale.table after.table")
    drawn = codec.dump(repeated(nodes, *wires))
    for node in ("inner", "scale"):
        drawn["nodes"][node]["group"] = "days"
    drawn["groups"]["days"] = {"title": "Each day", "group": "part"}
    it = run(codec.load(drawn))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    assert executed(it) == ["a", "b", "c"]
    assert table(it, "after").rows() == [("a", 1, 0.0), ("a", 2, 0.0), ("b", 1, 0.0), ("b", 2, 0.0), ("c", 1, 0.0)]


def test_a_fan_out_and_its_preprocessing_inside_are_executed_for_each_item():
    text = "shop,a,y\n" + "\n".join(f"{'ab'[at % 2]},{at * 7 % 11},{at % 5}" for at in range(24))
    nodes = {"scale": ("transform.normalize", {"columns": ["a"]}), "learner": "regression.linear_regression",
             "validate": ("training.cross_validate", {"label": "y", "folds": 3})}  # fmt: skip
    wires = ("each.rows scale.table", "scale.table validate.table", "learner.model validate.untrained")
    it = run(repeated(nodes, *wires, text=text))
    assert it.state == "done", [one.error for one, _ in flow.steps(it)]
    (inner,) = [each for each in spec_of(it.id).step("each").body["steps"] if each["module"] == "training.cross_validate"]
    assert [each["module"] for each in inner["paths"]["table"]["steps"]] == ["transform.normalize"]
    assert table(it, "validate", "report")["shop"].unique().sort().to_list() == ["a", "b"]


def test_a_run_to_a_module_inside_executes_the_sub_pipeline_as_a_whole_run_does():
    graph, scope = (
        repeated({"scale": NORMAL, "after": "trial.pass_on"}, "each.rows scale.table", "scale.table after.table", inside=["scale"]),
        new_scope(),
    )
    part = run(graph, scope, to=["scale"])
    assert {one.node for one, _ in flow.steps(part)} == {"data", "each", "scale"} and table(part, "scale").height == 5
    assert executed(run(graph, scope)) == []


def by_hand(frame, key):
    """The sub-pipeline of `Normalize Data`, by hand on each group."""
    parts = [part for (_,), part in frame.group_by([key], maintain_order=True)]
    found = [module_runner("transform.normalize", {"columns": ["sold"]}, table=[Table(part)])["table"].frame for part in parts]
    return pl.concat(found)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-9, 9)), min_size=1, max_size=25))
def test_it_equals_the_flat_sub_pipeline_on_each_group(rows):
    text = "shop,sold\n" + "\n".join(f"{shop},{sold}" for shop, sold in rows)
    it = run(repeated({"scale": NORMAL}, "each.rows scale.table", text=text))
    assert_frame_equal(table(it, "scale"), by_hand(table(it, "data"), "shop"))
