"""Binding: settings have the values of the parameters that they refer to."""

import pytest

from pipelines.graph import codec
from pipelines.graph.binding import bind, references, referred

FOLDS = {"type": "integer", "default": 3, "max": 10, "label": "Number of folds"}


def drawn(parameters=None, **params):
    node = {"module": "trial.pass_on", "params": params}
    return codec.load({"nodes": {"a": node, "b": node}, "parameters": {"folds": FOLDS} if parameters is None else parameters})


def test_one_parameter_drives_several_settings():
    graph = drawn(seed={"$parameter": "folds"}, depth=2)
    bound = bind(graph, {"folds": 5})
    assert [node.params for node in bound.graph.nodes.values()] == [{"seed": 5, "depth": 2}] * 2
    assert (bound.values, bound.problems) == ({"folds": {"value": 5, "source": "run"}}, ())
    assert [*references(graph)] == [("a", "seed", "folds"), ("b", "seed", "folds")]


def test_without_a_value_the_default_applies():
    bound = bind(drawn(seed={"$parameter": "folds"}), {})
    assert (bound.graph.nodes["a"].params, bound.values) == ({"seed": 3}, {"folds": {"value": 3, "source": "default"}})


def test_options_refer_to_parameters_too():
    bound = bind(drawn(parameters={"folds": FOLDS}, options={"alpha": {"$parameter": "folds"}, "fit": True}))
    assert bound.graph.nodes["a"].params == {"options": {"alpha": 3, "fit": True}}


@pytest.mark.parametrize("value", [{"$parameter": 3}, {"$parameter": "a", "more": 1}, "$parameter", [{"$parameter": "folds"}], None])
def test_other_values_are_no_references(value):
    assert referred(value) is None
    assert bind(drawn(seed=value)).graph.nodes["a"].params == {"seed": value}


def test_a_graph_without_parameters_is_left_as_it_is():
    graph = drawn(parameters={}, seed=3)
    assert bind(graph).graph is graph


def test_a_reference_to_nothing_stays():
    assert bind(drawn(seed={"$parameter": "gone"})).graph.nodes["a"].params == {"seed": {"$parameter": "gone"}}


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"folds": 11}, "bad_parameter", "The parameter Number of folds must be at most 10, not 11."),
        ({"fold": 3}, "unknown_parameter", "The pipeline has no parameter “fold”; its parameters are: folds."),
        ({"x" * 10_000: 3}, "unknown_parameter", f"The pipeline has no parameter “{'x' * 64}”; its parameters are: folds."),
    ],
)
def test_a_wrong_value_is_named_with_a_remedy(given, code, words):
    (problem,) = bind(drawn(), given).problems
    assert (problem.code, problem.words, problem.key is not None, bool(problem.remedy)) == (code, words, True, True)


def test_a_required_parameter_is_needed_by_a_run_and_not_by_a_check():
    graph = drawn(parameters={"data": {"type": "dataset", "required": True}}, dataset={"$parameter": "data"})
    assert bind(graph).problems == ()
    assert bind(graph).graph.nodes["a"].params == {"dataset": None}
    assert [problem.code for problem in bind(graph, {}).problems] == ["missing_parameter"]
    assert bind(graph, {"data": "cars"}).problems == ()
