"""Values of a run that are saved in the workspace, and pipelines that load them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from rest_framework.test import APIClient

from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.quota import in_datasets
from designer.datasets.resolver import WorkspaceDatasets
from pipelines import flow
from pipelines.catalogue.discover import catalogue
from pipelines.compilation import Step, compile
from pipelines.execution import targets
from pipelines.execution.datasets import resolve
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.execution import executed
from tests.support.graph_builder import document

ROWS = "a,y\n" + "\n".join(f"{number},{2 * number + 1}" for number in range(20))
TRAINED = {
    "data": ("data.enter_data", {"text": ROWS}),
    "scale": ("transform.normalize", {"columns": ["a"]}),
    "learner": "regression.linear_regression",
    "train": ("training.train_model", {"label": "y"}),
    "score": "scoring.score_model",
    "judge": "evaluation.evaluate_model",
}
WIRES = (
    "data.table scale.table",
    "scale.table train.table",
    "learner.model train.untrained",
    "train.model score.model",
    "scale.table score.table",
    "score.table judge.scored",
)
LOADED = {
    "data": ("data.enter_data", {"text": "a\n3\n5"}),
    "scale": ("data.load_transformation", {"transform": "scaling"}),
    "apply": "transform.apply_transformation",
    "model": ("data.load_trained_model", {"model": "line"}),
    "score": "scoring.score_model",
}
LOADED_WIRES = ("scale.transform apply.transform", "data.table apply.table", "model.model score.model", "apply.table score.table")


def of_nodes(team: Team, nodes: Any, *wires: str) -> Run:
    return executed(team, {"format": 1, **document(nodes, *wires)})


def save(client: APIClient, run: Run, output: str, name: str) -> Any:
    node, port = output.split(".")
    return client.post(f"/api/runs/{run.pk}/outputs/{node}/{port}/save/", {"name": name}, format="json")


@pytest.fixture
def saved(team: Team) -> Run:
    """A run whose model and scaling are saved as `line` and `scaling`."""
    run = of_nodes(team, TRAINED, *WIRES)
    for output, name in (("train.model", "Line"), ("scale.transform", "Scaling")):
        assert save(team.client("editor"), run, output, name).status_code == 201
    return run


def listed(team: Team, **query: str) -> list[str]:
    return [one["name"] for one in team.client("viewer").get("/api/datasets/", query).json()]


def test_a_saved_value_is_listed_by_its_kind_and_not_among_the_tables(team: Team, saved: Run) -> None:
    assert (listed(team, kind="model"), listed(team, kind="transform")) == (["line"], ["scaling"])
    assert not {"line", "scaling"} & set(listed(team))
    (model,) = team.client("viewer").get("/api/datasets/", {"kind": "model"}).json()
    assert (model["title"], model["kind"], model["version"], model["rows"]) == ("Line", "model", 1, 0)
    assert model["source"] == f"Saved from train.model of run {saved.pk}"


def test_another_pipeline_predicts_with_what_was_saved_after_its_run_is_gone(team: Team, saved: Run) -> None:
    Run.objects.all().delete()
    gone = flow.collect_garbage(team.workspace.pk, in_datasets(team.workspace), timedelta(0), grace=0)
    assert gone.files > 0
    run = of_nodes(team, LOADED, *LOADED_WIRES)
    record = flow.output(run, "score", "table")
    assert record is not None
    assert flow.table(record, team.workspace.pk).frame["Scored Labels"].to_list() == pytest.approx([7, 11], abs=0.05)


def test_the_same_name_gets_a_version_and_a_pipeline_may_name_one(team: Team, saved: Run) -> None:
    other = of_nodes(team, TRAINED | {"data": ("data.enter_data", {"text": ROWS.replace("3,7", "3,9")})}, *WIRES)
    assert save(team.client("editor"), other, "train.model", "Line").json()["version"] == 2
    digests = list(DatasetVersion.objects.filter(dataset__name="line").order_by("number").values_list("digest", flat=True))
    for version, digest in ((None, digests[1]), (1, digests[0]), (2, digests[1])):
        model = {"model": "line"} if version is None else {"model": "line", "version": version}
        run = of_nodes(team, {"model": ("data.load_trained_model", model)})
        found = flow.output(run, "model", "model")
        assert found is not None and found.digest == digest


def test_what_is_not_saved_is_a_problem_at_the_setting(team: Team, saved: Run) -> None:
    nodes = {"one": ("data.load_trained_model", {"model": "gone"}), "other": ("data.load_trained_model", {"model": "scaling"})}
    graph = flow.read({"format": 1, **document(nodes)})
    problems = flow.check(graph, WorkspaceDatasets(team.workspace), team.workspace.pk).problems
    assert [(problem.code, problem.node, problem.param) for problem in problems] == [
        ("unknown_dataset", "one", "model"),
        ("unknown_dataset", "other", "model"),
    ]
    assert problems[0].words == "There is no saved trained model “gone”."


def test_names_and_kinds_that_cannot_be_saved(team: Team, saved: Run) -> None:
    client = team.client("editor")
    assert save(client, saved, "scale.transform", "Line").json()["error"]["code"] == "name_taken"
    for output in ("judge.report", "score.table"):
        assert save(client, saved, output, "Other").json()["error"]["code"] == "not_saved"
    assert save(client, saved, "train.gone", "Other").status_code == 404
    assert save(client, saved, "train.model", "").status_code == 400
    assert save(team.client("viewer"), saved, "train.model", "Other").status_code == 403
    assert Dataset.objects.exclude(workspace=None).count() == 2


def test_a_lost_value_is_not_saved(team: Team, saved: Run) -> None:
    record = flow.output(saved, "train", "model")
    assert record is not None
    path = flow.store(team.workspace.pk).path(record.digest)
    path.chmod(0o600)
    path.write_bytes(b"other")
    assert save(team.client("editor"), saved, "train.model", "Again").status_code == 410


def test_a_value_that_a_run_loaded_is_deleted_only_when_asked_twice(team: Team, saved: Run) -> None:
    client, pk = team.client("editor"), Dataset.objects.get(name="line").pk
    of_nodes(team, LOADED, *LOADED_WIRES)
    refused = client.delete(f"/api/datasets/{pk}/")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "in_use")
    assert "1 run" in refused.json()["error"]["words"]
    assert client.delete(f"/api/datasets/{pk}/?even_if_used=true").status_code == 204
    assert client.delete(f"/api/datasets/{Dataset.objects.get(name='scaling').pk}/").status_code == 409


def test_no_file_is_uploaded_to_a_saved_value_and_it_has_no_rows(team: Team, saved: Run) -> None:
    pk = Dataset.objects.get(name="line").pk
    assert team.client("editor").post(f"/api/datasets/{pk}/versions/", {}, format="multipart").json()["error"]["code"] == "not_a_table"
    assert team.client("viewer").get(f"/api/datasets/{pk}/rows/").json()["error"]["code"] == "not_a_table"


def test_a_saved_model_of_user_code_is_loaded_in_isolation_only(team: Team, saved: Run) -> None:
    version = DatasetVersion.objects.get(dataset__name="line")
    version.record = {**(version.record or {}), "by_code": True}
    version.save()
    step = compile_step({"model": ("data.load_trained_model", {"model": "line"})}, team)
    outputs = {name: flow.Output.from_json(record) for name, record in step.datasets.items()}
    job = targets.Job(step, catalogue().modules[step.module], {}, outputs, flow.store(team.workspace.pk), targets.Limits())
    assert job.runs_code
    assert not replace(job, datasets={"model": msgspec.structs.replace(outputs["model"], by_code=False)}).runs_code


def compile_step(nodes: Any, team: Team) -> Step:
    """The only step of a plan of these nodes."""
    graph = flow.read({"format": 1, **document(nodes)})
    found = resolve(graph, WorkspaceDatasets(team.workspace))
    (step,) = compile(graph, catalogue(), found.records, None).steps.values()
    return step
