"""The plan of a pipeline with For Each: one step with the steps that it repeats, and a step that passes on for each of these."""

from __future__ import annotations

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Plan, compile
from pipelines.graph import codec
from pipelines.graph.model import Endpoint
from tests.support.graph_builder import TABLE, document

EACH = ("transform.for_each", {"groups": ["b"]})
JOIN = ("transform.join", {"left_keys": ["b"], "right_keys": ["b"]})
NODES = {"data": TABLE, "more": TABLE, "each": EACH, "one": "trial.pass_on", "join": JOIN, "after": "trial.pass_on"}
WIRES = ("data.table each.table", "each.rows one.table", "one.table join.left", "more.table join.right", "join.table after.table")


def planned(*more, inside=("each", "one", "join"), **nodes):
    drawn = document({**NODES, **nodes}, *WIRES, *more)
    for node in inside:
        drawn["nodes"][node]["group"] = "part"
    return compile(codec.load({**drawn, "groups": {"part": {"title": "Part"}}}), catalogue(), {})


def test_the_repeated_steps_are_a_part_of_one():
    plan = planned()
    each = plan.steps["each"]
    assert each.sources == {"table": (Endpoint("data", "table"),), "given": (Endpoint("more", "table"),)}
    assert [(step["module"], step["sources"]) for step in each.body["steps"]] == [
        ("trial.pass_on", {"table": [["item", "rows"]]}),
        ("transform.join", {"left": [["s0", "table"]], "right": [["given", "0"]]}),
    ]
    assert each.body["outputs"] == [["s1", "table"]] and each.body["titles"] == ["Pass On", "Join Data"]
    assert Plan.from_json(plan.as_json()) == plan


def test_each_of_them_passes_on_what_was_gathered_of_it():
    steps = planned().steps
    assert (steps["join"].module, steps["join"].body, steps["join"].sources) == (
        "transform.for_each", {"passes": ["table"], "kinds": ["table"]}, {"table": (Endpoint("each", "output_0"),)},
    )  # fmt: skip
    assert steps["one"].body == {"passes": [], "kinds": []} and steps["one"].needs == {"each"}
    assert steps["after"].sources == {"table": (Endpoint("join", "table"),)}
    assert list(steps).index("more") < list(steps).index("each") < list(steps).index("join") < list(steps).index("after")


def test_what_is_read_inside_and_outside_is_gathered_too():
    each = planned("one.table other.table", other="trial.pass_on").steps["each"]
    assert each.body["outputs"] == [["s0", "table"], ["s1", "table"]]


def test_without_for_each_in_a_sub_pipeline_a_plan_is_as_before():
    assert not any(step.body for step in planned(inside=()).steps.values())
