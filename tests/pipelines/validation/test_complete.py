"""What a run needs beside: every input wired, every setting given."""

from dataclasses import replace

from pipelines.catalogue.discover import Catalogue, catalogue
from pipelines.validation import find_problems
from tests.support.graph_builder import TABLE, chain, draw


def places(graph):
    return [(problem.code, problem.node, problem.port or problem.param) for problem in find_problems(graph, catalogue())]


def test_a_complete_graph_has_no_problem():
    assert places(chain(2)) == []


def test_an_open_input_is_told_unless_it_is_optional():
    assert places(draw({"a": "trial.pass_on", "b": "trial.gather"})) == [("unwired_input", "a", "table"), ("unwired_input", "b", "tables")]


def test_a_setting_without_a_value_is_told():
    assert places(draw({"a": "data.enter_data", "b": ("data.dataset", {"dataset": None})})) == [
        ("missing_setting", "a", "text"),
        ("missing_setting", "b", "dataset"),
    ]


def test_nothing_is_said_of_completeness_while_the_drawing_is_wrong():
    assert places(draw({"a": "trial.pass_on", "b": "no.such"})) == [("unknown_module", "b", None)]


def test_a_fresh_filter_is_unfinished_and_not_wrong():
    wires = ("source.table new.table", "source.table formula.table")
    nodes = {"source": TABLE, "new": "transform.filter_rows", "formula": ("transform.filter_rows", {"condition": "formula"})}
    problems = find_problems(draw(nodes, *wires), catalogue())
    assert [(problem.node, problem.param, problem.severity) for problem in problems] == [
        ("new", "column", "unfinished"),
        ("formula", "formula", "unfinished"),
    ]


def test_a_missing_extra_is_told_with_the_command_that_brings_it_and_the_rest_can_run():
    lacking = replace(catalogue().modules["trial.wait"], extra="moonshine", libraries=("no-such-library",))
    graph = draw(
        {"a": TABLE, "b": "trial.wait", "c": "trial.pass_on", "d": "trial.pass_on"}, "a.table b.table", "b.table c.table", "a.table d.table"
    )
    problems = find_problems(graph, Catalogue({**catalogue().modules, "trial.wait": lacking}, {}))
    assert [(each.code, each.node, each.severity) for each in problems] == [
        ("extra_missing", "b", "unfinished"),
        ("needs_unfinished", "c", "unfinished"),
    ]
    assert problems[0].words == "Wait needs the extra “moonshine”, which is not installed."
    assert problems[0].remedy == "Install it with make run EXTRAS=moonshine."
