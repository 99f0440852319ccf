"""How a node may be carried out: what is refused, in words, and how long a further try waits."""

import pytest

from pipelines.graph import codec
from pipelines.graph.problem import UnsoundGraph
from pipelines.graph.run_options import RunOptions, errors


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "must be an object"),
        ({"targt": "docker"}, "has an unknown key 'targt'"),
        ({"target": "moon"}, "one of worker, sandbox, docker"),
        ({"environment": 3}, "must be a name"),
        ({"retries": 11}, "retries must be a whole number from 0 to 10"),
        ({"retries": True}, "retries must be a whole number"),
        ({"retries": 1.5}, "retries must be a whole number"),
        ({"backoff_seconds": 0}, "backoff seconds must be a number from 0.1 to 3600"),
        ({"timeout_seconds": float("nan")}, "timeout seconds must be a number"),
        ({"memory_mb": 1}, "memory mb must be a whole number from 64"),
    ],
)
def test_what_does_not_fit_is_told(value, words):
    (trouble,) = errors(value)
    assert words in trouble


def test_what_fits_goes_through_the_document_unchanged():
    execution = {"target": "docker", "environment": "torch", "retries": 2, "backoff_seconds": 0.5, "timeout_seconds": 60, "memory_mb": 512}
    node = {"module": "data.dataset", "params": {}, "position": [0, 0], "execution": execution}
    assert codec.dump(codec.load({"format": 1, "nodes": {"cars": node}}))["nodes"]["cars"] == node


def test_a_document_names_the_node_whose_execution_does_not_fit():
    with pytest.raises(UnsoundGraph) as unsound:
        codec.load({"format": 1, "nodes": {"cars": {"module": "data.dataset", "execution": {"target": "moon"}}}})
    (problem,) = unsound.value.problems
    assert (problem.code, problem.node) == ("bad_execution", "cars")


def test_each_wait_is_twice_as_long_and_at_most_an_hour():
    assert [RunOptions().backoff(tries) for tries in (1, 2, 3)] == [2, 4, 8]
    assert RunOptions(backoff_seconds=1000).backoff(10) == 3600


def test_a_plan_stores_what_is_set_and_nothing_else():
    stored = {"target": "docker", "environment": "", "retries": 0, "image": "one"}
    assert RunOptions.from_json(stored).as_json() == stored
    assert RunOptions.from_json(stored | {"of_another_version": 1}).as_json() == stored
    assert RunOptions.from_json({}).as_json() == {}


def test_a_node_runs_where_it_says_and_peoples_code_in_the_sandbox_otherwise():
    assert [RunOptions().target_for(runs_code=code) for code in (True, False)] == ["sandbox", "worker"]
    assert RunOptions(target="docker").target_for(runs_code=True) == "docker"


def test_a_document_says_it_of_all_nodes_and_a_node_says_otherwise():
    document = {
        "format": 1,
        "nodes": {"a": {"module": "data.dataset"}, "b": {"module": "data.dataset", "execution": {"retries": 0}}},
        "execution": {"target": "docker", "retries": 3},
    }
    graph = codec.load(document)
    assert graph.execution_of("a") == RunOptions(target="docker", retries=3)
    assert graph.execution_of("b") == RunOptions(target="docker", retries=0)
    assert codec.load(codec.dump(graph)) == graph
    with pytest.raises(UnsoundGraph) as unsound:
        codec.load(document | {"execution": {"target": "moon"}})
    assert unsound.value.problems[0].words.startswith("The document's execution: the target must be one of")
