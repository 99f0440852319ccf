"""Steps and plans as JSON, as a run stores them."""

from __future__ import annotations

from pipelines.compilation import Plan, Step
from pipelines.graph.model import Endpoint
from pipelines.graph.run_options import RunOptions

STEP = Step(
    "b", "trial.pass_on", {"mark": 1}, {"table": (Endpoint("a", "table"),)}, {}, RunOptions(memory_mb=100), {}, {"passes": ["table"]}
)


def test_a_step_survives_its_json():
    assert Step.from_json("b", STEP.as_json()) == STEP and STEP.needs == {"a"}


def test_what_a_step_does_not_have_is_not_in_its_json():
    plain = Step("a", "trial.pass_on", {}, {})
    assert set(plain.as_json()) == {"module", "settings", "sources", "datasets"} and Step.from_json("a", plain.as_json()) == plain


def test_a_plan_survives_its_json_and_knows_what_a_node_needs():
    plan = Plan({"a": Step("a", "trial.pass_on", {}, {}), "b": STEP, "c": Step("c", "trial.pass_on", {}, {})}, frozenset({"b"}))
    assert Plan.from_json(plan.as_json()) == plan and plan.feeds["a"] == ("b",)
    assert set(plan.up_to("b").steps) == {"a", "b"}
