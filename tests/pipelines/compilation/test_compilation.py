"""A plan: steps in order, settings complete, data fixed; the same again from its JSON."""

import json
from dataclasses import replace

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan, compile
from pipelines.graph.model import Endpoint
from pipelines.graph.run_options import RunOptions
from tests.support.graph_builder import TABLE, chain, draw, fan

GRAPH = draw(
    {"set": ("data.dataset", {"dataset": "cars"}), "b": TABLE, "both": "trial.gather", "on": ("trial.pass_on", {"mark": 4})},
    "set.table both.tables",
    "b.table both.tables",
    "both.table on.table",
)
FOUND = {"set": {"dataset": {"kind": "table", "digest": "d", "bytes": 1}}}


def plan(graph=GRAPH, found=FOUND, to=None):
    return compile(graph, catalogue(), found, to)


def test_every_step_comes_after_all_that_it_needs():
    steps = plan(chain(5)).steps
    order = list(steps)
    assert all(order.index(need) < order.index(node) for node, step in steps.items() for need in step.needs)


def test_settings_are_complete_and_data_sets_are_fixed():
    step = plan().steps["set"]
    assert step.settings == {"version": None}
    assert step.datasets == FOUND["set"]
    assert plan().steps["on"].settings == {"mark": 4, "marked": False}


def test_several_edges_into_one_port_keep_their_order():
    assert plan().steps["both"].sources == {"tables": (Endpoint("b", "table"), Endpoint("set", "table"))}
    assert plan().steps["both"].needs == {"b", "set"}


@pytest.mark.parametrize(
    ("to", "steps"), [(None, {"set", "b", "both", "on"}), (["both"], {"set", "b", "both"}), (["b"], {"b"}), ([], set())]
)
def test_only_what_was_asked_for_is_done_with_all_it_needs(to, steps):
    assert set(plan(to=to).steps) == steps


def test_a_plan_says_who_reads_from_whom():
    assert plan(fan(3)).feeds == {"source": ("n0", "n1", "n2"), "n0": (), "n1": (), "n2": ()}


def test_two_edges_between_two_nodes_feed_once():
    graph = draw({"a": "transform.split_data", "b": "trial.gather"}, "a.first b.tables", "a.second b.tables")
    assert plan(graph).feeds["a"] == ("b",)


def test_the_plan_up_to_a_node_is_what_it_needs_and_asks_for_it():
    part = plan(fan(3)).up_to("n1")
    assert (list(part.steps), part.asked, part.feeds) == (["source", "n1"], {"n1"}, {"source": ("n1",), "n1": ()})


def test_a_plan_is_the_same_after_a_trip_through_json():
    assert Plan.from_json(json.loads(json.dumps(plan().as_json()))) == plan()


def test_what_is_said_of_all_nodes_does_not_take_code_out_of_its_walls():
    nodes = {
        "source": TABLE,
        "code": ("script.python", {"code": "def main(a): return a"}),
        "bare": ("script.python", {}, {"target": "worker"}),
    }
    graph = replace(draw(nodes), execution={"target": "worker", "retries": 2})
    steps = compile(graph, catalogue(), {}).steps
    assert [steps[node].execution for node in ("source", "code", "bare")] == [
        RunOptions(target="worker", retries=2),
        RunOptions(retries=2),
        RunOptions(target="worker", retries=2),
    ]
