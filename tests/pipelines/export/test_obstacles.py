"""What cannot be exported is named with its node, before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.export.bundle import PACKAGE, sources
from pipelines.export.obstacles import differences, modules_of, obstacles


def checked(nodes: dict[str, Any], edges: list[list[str]] | None = None, **more: Any) -> tuple[list[tuple[str, str | None]], list[str]]:
    graph = flow.read({"nodes": nodes, "edges": edges or [], **more})
    plan = compile(graph, catalogue(), {})
    return [(each.code, each.node) for each in obstacles(graph, plan, catalogue())], list(differences(plan, catalogue()))


DATA = {"module": "data.enter_data", "params": {"text": "a\n1"}}


def test_code_with_packages_of_its_own_cannot_be_exported() -> None:
    assert checked({"script": {"module": "script.python", "execution": {"environment": "mine"}}})[0] == [("not_exported", "script")]


def test_what_runs_code_and_what_reaches_outside_is_said() -> None:
    nodes = {
        "data": DATA,
        "script": {"module": "script.python"},
        "r": {"module": "script.r"},
        "in": {"module": "data.import_data"},
        "out": {"module": "data.export_data"},
    }
    found, said = checked(nodes, [["data.table", "out.table"]])
    assert found == []
    rights = "its code runs with the rights of the user of the script, without a sandbox."
    assert sorted(said) == [
        "in: it reads its source each time the script runs.",
        "out: it writes each time the script runs.",
        f"r: {rights} It needs R with its package nanoarrow on this machine.",
        f"script: {rights}",
    ]


def test_another_target_is_said() -> None:
    found, said = checked({"data": {**DATA, "execution": {"target": "docker"}}})
    assert found == [] and said == ["data: Easel executes it in docker; the script executes it in its own process."]


@pytest.mark.parametrize(
    ("search", "found", "kind"),
    [
        ("training.train_best_model", "regression/linear_regression", "untrained_model"),
        ("training.train_best_model", "selection/partial_dependence", "untrained_model"),
        ("forecasting.train_best_forecaster", "forecasting/theta", "untrained_forecaster"),
    ],
)
def test_a_search_brings_the_modules_that_it_finds_and_their_kinds(search: str, found: str, kind: str) -> None:
    plan = compile(
        flow.read({"nodes": {"data": DATA, "best": {"module": search}}, "edges": [["data.table", "best.table"]]}), catalogue(), {}
    )
    files = sources(modules_of(plan, catalogue()).values(), nested=False, parameters=False)
    assert {f"{PACKAGE}/modules/{found}.py", f"{PACKAGE}/kinds/{kind}.py"} <= files.keys()
