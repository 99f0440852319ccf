"""What For Each repeats, and what it cannot repeat."""

from __future__ import annotations

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.graph import codec
from pipelines.validation import find_problems
from pipelines.validation.columns import Columns
from pipelines.validation.refitting import Paths
from pipelines.validation.repeating import needed, regions
from tests.support.graph_builder import document

DATA = ("data.enter_data", {"text": "shop,day,sold\na,1,10\nb,1,3\n"})
EACH = ("transform.for_each", {"groups": ["shop"]})
PASS = ("transform.normalize", {"columns": ["sold"]})


def drawn(nodes, *wires, inside, around=None):
    """A table `data`, For Each `each`, and modules; `inside` names the sub-pipeline of nodes, `around` that of sub-pipelines."""
    return placed(document({"data": DATA, "each": EACH, **nodes}, "data.table each.table", *wires), inside, around)


def placed(found, inside, around=None):
    """A graph whose nodes are in sub-pipelines."""
    for node, group in inside.items():
        found["nodes"][node].pop("group", None)
        found["nodes"][node] |= {"group": group} if group else {}
    titles = {*filter(None, inside.values()), *(around or {}).values()}
    found["groups"] = {id: {"title": id, **({"group": around[id]} if around and id in around else {})} for id in titles}
    return codec.load(found)


def told(graph):
    return {(problem.code, problem.node, problem.severity) for problem in find_problems(graph, catalogue())}


CHAIN = ("each.rows a.table", "a.table b.table", "b.table c.table")
THREE = {"a": PASS, "b": PASS, "c": PASS}


def test_it_repeats_the_nodes_of_its_sub_pipeline_that_its_rows_reach():
    graph = drawn({**THREE, "apart": DATA}, *CHAIN, inside={"each": "g", "a": "g", "b": "h", "apart": "g"}, around={"h": "g"})
    (found,) = regions(graph, catalogue())
    assert (found.node, found.group, found.nodes) == ("each", "g", {"a", "b"}) and not told(graph)


def test_of_nodes_that_are_repeated_together_all_or_none_are_needed():
    graph = drawn({**THREE, "side": PASS}, *CHAIN, "each.rows side.table", inside={"each": "g", "a": "g", "b": "g", "side": "g"})
    assert needed(graph, catalogue(), ["a"]) == {"data", "each", "a", "b", "side"}
    assert needed(graph, catalogue(), ["each"]) == {"data", "each", "a", "b", "side"}
    assert needed(graph, catalogue(), ["data"]) == {"data"}
    assert needed(graph, catalogue(), ["c"]) == {"data", "each", "a", "b", "side", "c"}


def test_what_repeats_a_node_is_repeated_with_it():
    other = {**THREE, "more": DATA, "inner": EACH, "join": ("transform.add_rows", {})}
    wires = ("each.rows a.table", "more.table inner.table", "inner.rows b.table", "b.table join.tables", "a.table join.tables")
    graph = drawn(other, *wires, inside={"each": "g", "a": "g", "inner": "h", "b": "h", "join": "h"}, around={"h": "g"})
    inner, outer = regions(graph, catalogue())
    assert (inner.nodes, outer.nodes) == ({"b", "join"}, {"a", "b", "join", "inner"})


def test_in_no_sub_pipeline_it_is_not_finished_and_nor_is_what_follows():
    assert told(drawn(THREE, *CHAIN, inside={})) == {
        ("for_each_alone", "each", "unfinished"),
        *(("needs_unfinished", id, "unfinished") for id in "abc"),
    }


def test_it_is_not_finished_while_nothing_reads_its_rows():
    assert told(drawn({}, inside={"each": "g"})) == {("for_each_alone", "each", "unfinished")}


def test_a_sub_pipeline_has_one():
    graph = drawn({**THREE, "more": EACH}, *CHAIN, "a.table more.table", inside={"each": "g", "a": "g", "more": "g", "b": "g"})
    assert ("for_each_twice", "more", "error") in told(graph)


@pytest.mark.parametrize(
    "wires",
    [("each.rows a.table", "a.table b.table", "b.table c.tables", "a.table c.tables"), ("each.rows c.tables", "each.failures c.tables")],
)
def test_what_is_made_of_all_items_is_not_read_inside(wires):
    nodes = {"a": PASS, "b": PASS, "c": ("transform.add_rows", {})}
    graph = drawn(nodes, *wires, inside={"each": "g", "a": "g", "c": "g"})
    assert ("for_each_between", "c", "error") in told(graph)


def test_the_failures_may_be_read_by_what_is_not_repeated():
    assert not told(drawn(THREE, "each.rows a.table", "a.table c.table", "each.failures b.table", inside={"each": "g", "a": "g", "b": "g"}))


def test_code_and_data_of_its_own_are_not_repeated():
    script = ("script.python", {})
    graph = drawn({"a": script}, "each.rows a.first", inside={"each": "g", "a": "g"})
    assert ("not_repeatable", "a", "error") in told(graph)
    elsewhere = codec.dump(drawn({"a": PASS}, "each.rows a.table", inside={"each": "g", "a": "g"}))
    elsewhere["nodes"]["a"]["execution"] = {"target": "docker"}
    assert ("not_repeatable", "a", "error") in told(codec.load(elsewhere))


TRAIN = {"learner": "regression.linear_regression", "train": ("training.train_model", {"label": "sold"})}
FIT = ("learner.model train.untrained", "each.rows train.table")


def test_models_leave_as_models_by_group():
    inside = {"each": "g", "train": "g"}
    assert not told(drawn(TRAIN, *FIT, inside=inside))
    scored = {**TRAIN, "score": "scoring.score_model_by_group"}
    assert not told(drawn(scored, *FIT, "train.model score.models", "data.table score.table", inside=inside))
    one = {**TRAIN, "score": "scoring.score_model"}
    wires = (*FIT, "train.model score.model", "data.table score.table")
    assert {code for code, node, _ in told(drawn(one, *wires, inside=inside)) if node == "score"} == {"wrong_kind"}
    assert not told(drawn(one, *wires, inside={**inside, "score": "g"}))


def test_the_models_of_an_inner_for_each_are_used_inside_the_outer_one():
    nodes = {**TRAIN, "outer": EACH, "each": ("transform.for_each", {"groups": ["day"]}), "score": "scoring.score_model_by_group"}
    wires = ("data.table outer.table", "outer.rows each.table", *FIT, "train.model score.models", "outer.rows score.table")
    inside, around = {"outer": "out", "each": "in", "train": "in", "score": "out"}, {"in": "out"}
    graph = document({"data": DATA, **nodes}, *wires)
    assert not told(placed(graph, inside, around))
    away = placed(graph, {**inside, "score": None}, around)
    assert ("not_gathered", "train", "error") in told(away)


def test_the_columns_that_their_scores_add_are_known_before_a_run():
    nodes = {**TRAIN, "score": "scoring.score_model_by_group", "after": AFTER}
    wires = (*FIT, "train.model score.models", "data.table score.table", "score.table after.table")
    names = [name for name, _ in columns(drawn(nodes, *wires, inside={"each": "g", "train": "g"})) or ()]
    assert names == ["shop", "day", "sold", "Scored Labels", "Scored By"]


def columns(graph, node="after"):
    table = Columns(graph, catalogue(), lambda *_: None).known[node]["table"]
    return table and [(name, str(dtype)) for name, dtype in table.frame.schema.items()]


AFTER = ("transform.sort_rows", {"columns": ["sold"]})


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({"groups": ["shop"]}, [("shop", "String"), ("sold", "Int64")]),
        ({"groups": ["day", "shop"]}, [("shop", "String"), ("day", "Int64"), ("sold", "Int64")]),
        ({"each": "row"}, [("row", "Int64"), ("sold", "Int64")]),
    ],
)
def test_the_columns_of_the_items_are_known_before_a_run(settings, found):
    nodes = {"each": ("transform.for_each", settings), "a": ("transform.select_columns", {"columns": ["sold"]}), "after": AFTER}
    graph = drawn(nodes, "each.rows a.table", "a.table after.table", inside={"each": "g", "a": "g"})
    assert columns(graph) == found and columns(graph, "a") == [("sold", "Int64")]


def test_preprocessing_outside_and_inside_is_not_refitted_together():
    nodes = {
        "before": PASS,
        "a": PASS,
        "learner": "regression.linear_regression",
        "validate": ("training.cross_validate", {"label": "sold"}),
    }
    document_ = codec.dump(drawn(nodes, "each.rows a.table", "a.table validate.table", "learner.model validate.untrained",
                                 inside={"each": "g", "a": "g", "validate": "g"}))  # fmt: skip
    document_["edges"] = [
        ["data.table", "before.table"],
        ["before.table", "each.table"],
        *(edge for edge in document_["edges"] if edge[0] != "data.table"),
    ]
    path = Paths(codec.load(document_), catalogue()).before("validate", "table")
    assert str(path.start) == "each.rows" and [each.node for each in path.nodes] == ["a"] and set(path.once) == {"before"}
    document_["nodes"]["validate"].pop("group")
    path = Paths(codec.load(document_), catalogue()).before("validate", "table")
    assert path.nodes == () and "For Each" in path.once["a"]
