"""Runs with parameters: values reach the settings, results are shared with typed settings, and wrong values are refused before anything runs."""

from dataclasses import replace

import pytest

from pipelines import flow
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import NoDatasets, new_scope, run, start

pytestmark = pytest.mark.django_db
FRACTION = {"type": "number", "default": 0.5, "min": 0, "max": 5, "label": "Share"}


def split(fraction, *, parameters=None, **more):
    graph = draw({"source": TABLE, "split": ("transform.split_data", {"fraction": fraction}), **more}, "source.table split.table")
    return replace(graph, parameters=parameters or {})


def driven(**changed):
    return split({"$parameter": "share"}, parameters={"share": {**FRACTION, **changed}})


def reused(run):
    return {step.node: step.reused for step, _ in flow.steps(run)}


def refused(graph, parameters=None):
    with pytest.raises(flow.UnsoundGraph) as wrong:
        start(graph, parameters=parameters)
    return wrong.value.problems[0]


def test_promoting_a_setting_to_a_parameter_executes_nothing_again():
    scope = new_scope()
    run(split(0.5), scope)
    again = run(driven(), scope)
    assert reused(again) == {"source": True, "split": True}
    assert again.parameters == {"share": {"value": 0.5, "source": "default"}}


def test_another_value_executes_only_what_it_drives():
    scope = new_scope()
    run(driven(), scope)
    other = run(driven(), scope, parameters={"share": 0.25})
    assert reused(other) == {"source": True, "split": False}
    assert other.graph["nodes"]["split"]["params"] == {"fraction": 0.25}
    assert other.parameters == {"share": {"value": 0.25, "source": "run"}}
    assert reused(run(split(0.25), scope)) == {"source": True, "split": True}


def test_a_run_started_again_has_the_same_values():
    first = run(driven(), parameters={"share": 0.25})
    again = flow.rerun(first, enqueue=lambda _: None)
    assert (again.parameters, again.plan) == (first.parameters, first.plan)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"share": 6}, "The parameter Share must be at most 5, not 6."),
        ({"share": "0.5"}, "The parameter Share must be a number."),
        ({"shares": 0.5}, "The pipeline has no parameter “shares”; its parameters are: share."),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_a_remedy(given, words):
    problem = refused(driven(), given)
    assert (problem.words, problem.key, bool(problem.remedy)) == (words, f"parameters.{next(iter(given))}", True)


def test_a_value_that_the_setting_refuses_names_the_setting_and_the_parameter():
    problem = refused(driven(), {"share": 3})
    assert (problem.node, problem.param) == ("split", "fraction")
    assert "must be" in problem.words and "parameter share" in problem.remedy


def test_a_graph_without_parameters_takes_none():
    assert refused(split(0.5), {"share": 1}).words == "The pipeline has no parameter “share”; it has none."


def test_a_required_parameter_is_asked_for():
    graph = driven(required=True)
    assert flow.check(graph, NoDatasets(), "any").problems == []
    assert refused(graph).code == "missing_parameter"
    assert run(graph, parameters={"share": 0.75}).state == "done"


def test_a_check_infers_columns_through_parameters():
    columns = flow.check(driven(), NoDatasets(), "any").columns["split"]["first"]
    assert columns is not None and [column.name for column in columns] == [
        column.name for column in flow.check(split(0.5), NoDatasets(), "any").columns["split"]["first"]
    ]


def test_a_check_tells_a_reference_to_nothing_and_a_type_that_does_not_suit():
    assert [problem.code for problem in flow.check(split({"$parameter": "gone"}), NoDatasets(), "any").problems] == ["unknown_parameter"]
    text = split({"$parameter": "p"}, parameters={"p": {"type": "text", "default": "x"}})
    assert [problem.code for problem in flow.check(text, NoDatasets(), "any").problems] == ["wrong_parameter_type"]


def test_a_run_to_a_node_takes_parameters_that_only_others_use():
    graph = driven()
    done = run(graph, to=["source"], parameters={"share": 0.25})
    assert (set(reused(done)), done.graph["nodes"]["split"]["params"]) == ({"source"}, {"fraction": 0.25})
