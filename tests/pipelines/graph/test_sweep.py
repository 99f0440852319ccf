"""The combinations of a sweep: a grid in its order, a list as it is, and what is refused."""

import pytest

from pipelines.graph.problem import UnsoundGraph
from pipelines.graph.sweep import MOST_RUNS, combinations


def test_a_grid_has_every_combination_the_last_parameter_changing_fastest():
    assert combinations({"a": [1, 2], "b": ["x", "y"]}) == [{"a": 1, "b": "x"}, {"a": 1, "b": "y"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}]


def test_a_list_is_run_as_it_is():
    assert combinations([{"a": 1}, {"a": 2, "b": 3}]) == [{"a": 1}, {"a": 2, "b": 3}]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "needs values of at least one parameter"),
        ([], "needs values of at least one parameter"),
        ({"a": []}, "values of the parameter a must be a list"),
        ({"a": 3}, "values of the parameter a must be a list"),
        ({"a": "text"}, "values of the parameter a must be a list"),
        ({"a": list(range(MOST_RUNS + 1))}, f"These are 201 runs; a sweep has at most {MOST_RUNS}."),
        ({"a": list(range(10**4)), "b": list(range(10**4))}, "These are 100,000,000 runs"),
        ({"a": [1, 2, 1]}, "Runs 1 and 3 have the same values (a = 1)"),
        ([{"a": 1, "b": 2}, {"b": 2, "a": 1}], "Runs 1 and 2 have the same values"),
        ([{"a": 1}, {}], "Combination 2 has no values"),
    ],
)
def test_what_is_no_sweep_is_refused_with_a_remedy(values, words):
    with pytest.raises(UnsoundGraph) as wrong:
        combinations(values)
    (problem,) = wrong.value.problems
    assert words in problem.words and problem.remedy


def test_the_most_runs_are_a_sweep():
    assert len(combinations({"a": list(range(20)), "b": list(range(10))})) == MOST_RUNS
