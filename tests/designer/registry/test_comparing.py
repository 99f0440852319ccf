"""Versions side by side: which figure, setting and dataset stands beside which."""

from __future__ import annotations

from typing import Any

from designer.registry.comparing import compare
from designer.registry.models import ModelVersion
from tests.designer.conftest import Team


def figure(node: str, value: float, model: str = "Line") -> dict[str, Any]:
    return {
        "node": node,
        "evaluation": "Numbers",
        "model": model,
        "rows": 5,
        "key": "r2",
        "title": "R²",
        "better": "high",
        "value": value,
        "interval": None,
    }


def step(node: str, title: str, value: int) -> dict[str, Any]:
    return {"node": node, "title": title, "module": "a.b", "code": None, "settings": {"seed": value}}


def of(two: str, number: int, metrics: list[Any], steps: list[Any] = [], datasets: list[Any] = []) -> ModelVersion:  # noqa: B006
    version = ModelVersion.objects.select_related("model").get(model=two, number=number)
    version.metrics, version.origin = metrics, {**version.origin, "steps": steps, "datasets": datasets, "libraries": {}}
    return version


def test_the_only_evaluations_of_two_versions_stand_side_by_side_whatever_their_nodes_are_called(team: Team, two: str) -> None:
    found = compare([of(two, 1, [figure("judge", 0.5)]), of(two, 2, [figure("evaluate_model_2", 0.6)])])
    assert [(each.title, each.values) for each in found.figures] == [("R²", [0.5, 0.6])]


def test_several_evaluations_stand_beside_those_of_their_node(team: Team, two: str) -> None:
    found = compare([of(two, 1, [figure("train", 0.9), figure("test", 0.5)]), of(two, 2, [figure("test", 0.6)])])
    assert [(each.title, each.values) for each in found.figures] == [("R² (train)", [0.9, None]), ("R² (test)", [0.5, 0.6])]


def test_two_rows_of_one_evaluation_are_two_figures(team: Team, two: str) -> None:
    rows = [figure("judge", 0.9, "Line 1"), figure("judge", 0.5, "Line 2")]
    found = compare([of(two, 1, rows), of(two, 2, [figure("judge", 0.6)])])
    assert [(each.title, each.values) for each in found.figures] == [("R² (Line 1)", [0.9, 0.6]), ("R² (Line 2)", [0.5, None])]


def test_steps_of_one_title_and_datasets_of_one_name_are_told_apart(team: Team, two: str) -> None:
    steps = [step("a", "Split", 1), step("b", "Split", 2), step("c", "Train", 3)]
    data = [{"node": node, "name": "cars", "version": 1, "digest": digit * 64, "kind": "table"} for node, digit in (("x", "1"), ("y", "2"))]
    found = compare([of(two, 1, [], steps, data), of(two, 2, [], [step("c", "Train", 3)])])
    facts = {(each.group, each.name): each.values for each in found.facts}
    assert facts["setting", "Split (a): seed"] == [1, None] and facts["setting", "Split (b): seed"] == [2, None]
    assert facts["setting", "Train: seed"] == [3, 3]
    assert facts["dataset", "cars (x)"][0] == "version 1, " + "1" * 12 and facts["dataset", "cars (y)"][0] == "version 1, " + "2" * 12
