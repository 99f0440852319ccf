"""What a draft must never hold: every problem of a tier, with its code and place."""

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.validation import DRAFT, find_problems
from tests.support.graph_builder import TABLE, chain, codes, draw

LEARN = "regression.linear_regression"


def problems(nodes, *edges):
    return find_problems(draw(nodes, *edges), catalogue(), DRAFT)


def test_a_sound_drawing_has_no_problem():
    assert find_problems(chain(3), catalogue(), DRAFT) == []


@pytest.mark.parametrize(
    ("nodes", "edges", "found"),
    [
        ({"a": "no.such"}, [], {"code": "unknown_module", "node": "a"}),
        ({"a": TABLE}, ["a.table b.table"], {"code": "dangling_edge", "node": "b", "edge": ("a.table", "b.table")}),
        ({"a": TABLE, "b": "trial.pass_on"}, ["a.rows b.table"], {"code": "unknown_port", "node": "a", "port": "rows"}),
        ({"a": TABLE, "b": "trial.pass_on"}, ["a.table b.rows"], {"code": "unknown_port", "node": "b", "port": "rows"}),
        ({"a": TABLE, "b": "trial.pass_on"}, ["b.table a.table"], {"code": "unknown_port", "node": "a", "port": "table"}),
        ({"a": ("trial.pass_on", {"colour": 1})}, [], {"code": "unknown_setting", "node": "a", "param": "colour"}),
        ({"a": ("trial.pass_on", {"mark": "x"})}, [], {"code": "bad_setting", "node": "a", "param": "mark"}),
        ({"a": ("trial.pass_on", {"mark": None})}, [], {"code": "bad_setting", "node": "a", "param": "mark"}),
        ({"a": ("trial.fail", {"how": "softly"})}, [], {"code": "bad_setting", "node": "a", "param": "how"}),
        ({"a": LEARN, "b": "trial.pass_on"}, ["a.model b.table"], {"code": "wrong_kind", "node": "b", "port": "table"}),
        (
            {"a": TABLE, "b": TABLE, "c": "trial.pass_on"},
            ["a.table c.table", "b.table c.table"],
            {"code": "occupied_input", "node": "c", "port": "table"},
        ),
        ({"a": "trial.pass_on"}, ["a.table a.table"], {"code": "cycle", "node": "a"}),
    ],
)
def test_a_problem_has_a_code_and_a_place(nodes, edges, found):
    (problem,) = problems(nodes, *edges)
    assert found.items() <= problem.as_json().items()
    assert problem.words and problem.remedy


def test_a_cycle_names_the_nodes_along_it():
    (problem,) = problems({"a": "trial.pass_on", "b": "trial.pass_on"}, "a.table b.table", "b.table a.table")
    assert problem.words in {f"These modules form a loop: {way}." for way in ("a → b → a", "b → a → b")}


def test_an_input_made_for_several_takes_several():
    assert problems({"a": TABLE, "b": TABLE, "c": "trial.gather"}, "a.table c.tables", "b.table c.tables") == []


def test_a_tier_tells_all_its_problems_and_silences_the_next():
    found = problems({"a": "no.such", "b": "no.such", "c": ("trial.pass_on", {"mark": "x"})}, "a.x ghost.y")
    assert codes(found) == ["dangling_edge", "unknown_module", "unknown_module"]


def test_a_node_is_called_by_its_title():
    graph = draw({"a": ("trial.pass_on", {"mark": "x"})})
    assert find_problems(graph, catalogue(), DRAFT)[0].words == "Pass On: Mark must be a whole number."


def test_a_required_setting_that_is_empty_may_be_drawn():
    assert problems({"a": ("data.dataset", {"dataset": None})}) == []
