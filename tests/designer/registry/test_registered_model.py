"""Pipelines that load registered models: the run keeps content, and keys of results hold no name, number or alias."""

from __future__ import annotations

from typing import Any

from designer.datasets.resolver import WorkspaceDatasets
from designer.registry.models import ModelVersion
from pipelines import flow
from pipelines.models import Run, Step
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import of_nodes
from tests.designer.registry.test_views import call, code
from tests.support.graph_builder import document

WIRES = ("model.model score.model", "data.table score.table")


def nodes(name: str, version: str | None) -> dict[str, Any]:
    return {
        "data": ("data.enter_data", {"text": "a\n3\n5"}),
        "model": ("data.registered_model", {"model": name, **({"version": version} if version else {})}),
        "score": "scoring.score_model",
    }


def scores(run: Run) -> list[float]:
    output = flow.output(run, "score", "table")
    assert output is not None
    return [round(value, 3) for value in flow.table(output, run.scope).frame["Scored Labels"].to_list()]


def test_a_run_keeps_the_content_that_an_alias_named_and_equal_content_is_reused(team: Team, two: str) -> None:
    call(team, "editor", "put", f"{two}/aliases/champion/", version=1, expected=None)
    first = of_nodes(team, nodes("line", "champion"), *WIRES)
    by_number = of_nodes(team, nodes("line", "1"), *WIRES)
    call(team, "editor", "patch", f"{two}/", name="slope")
    by_former_name = of_nodes(team, nodes("line", "v1"), *WIRES)
    for run in (by_number, by_former_name):
        assert scores(run) == scores(first) and Step.objects.get(run=run, node="score").reused
    latest = of_nodes(team, nodes("slope", None), *WIRES)
    assert scores(latest) != scores(first)
    call(team, "editor", "put", f"{two}/aliases/champion/", version=2, expected=1)
    moved = of_nodes(team, nodes("slope", "champion"), *WIRES)
    assert scores(moved) == scores(latest) and Step.objects.get(run=moved, node="score").reused
    again = flow.rerun(first, enqueue=lambda _: None)
    assert again.plan["steps"]["model"]["datasets"]["model"]["digest"] == ModelVersion.objects.get(number=1).digest
    used = call(team, "viewer", "get", f"{two}/versions/1/").json()
    assert used["used_by"] == [] and code(call(team, "editor", "delete", f"{two}/versions/1/")) == "was_loaded"
    assert call(team, "editor", "delete", f"{two}/versions/1/?even_if_used=true").status_code == 204


def test_what_does_not_exist_is_a_problem_at_the_node(team: Team, two: str) -> None:
    for name, version in (("gone", None), ("line", "9"), ("line", "champion"), ("line", "0"), ("line", "v" + "9" * 30)):
        graph = flow.read({"format": 1, **document(nodes(name, version), *WIRES)})
        (problem,) = [
            one for one in flow.check(graph, WorkspaceDatasets(team.workspace), team.workspace.pk).problems if one.code == "unknown_dataset"
        ]
        assert (problem.node, problem.param) == ("model", "model") and name in problem.words and (version or "") in problem.words
    call(team, "admin", "put", f"{two}/versions/2/stage/", stage="retired")
    latest = WorkspaceDatasets(team.workspace).find_model("line", None)
    assert latest is not None and latest.output.digest == ModelVersion.objects.get(number=1).digest
    elsewhere = team.people["foreign"].memberships.get().workspace
    assert WorkspaceDatasets(elsewhere).find_model("line", None) is None
