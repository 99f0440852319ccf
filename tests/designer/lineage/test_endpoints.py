"""Endpoints and registered models in a lineage: back to the dataset, forward from it, and nothing of another workspace."""

from __future__ import annotations

from typing import Any

import pytest

from designer.datasets.models import Dataset
from designer.documents import services
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.lineage.openlineage import end_of
from designer.registry.models import ModelVersion, RegisteredModel
from designer.registry.uses import users_of
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.lineage.test_views import done, edges, graph, look, prices, upload  # noqa: F401
from tests.designer.runs.test_views import of_pipeline


@pytest.fixture
def model(team: Team, done: Run) -> ModelVersion:  # noqa: F811
    body = {"run": done.pk, "node": "train", "port": "model", "name": "price"}
    made = team.client("editor").post("/api/models/", body, format="json")
    assert made.status_code == 201, made.content
    return ModelVersion.objects.get(model=made.json()["id"])


@pytest.fixture
def version(team: Team, done: Run) -> EndpointVersion:  # noqa: F811
    endpoint = Endpoint.objects.create(workspace=team.workspace, name="price", created_by="editor", shares={"1": 100})
    signature = {
        "inputs": [{"name": "size", "type": "integer", "dtype": "Int64"}],
        "outputs": [{"name": "Scored Labels", "type": "number", "dtype": "Float64"}],
    }
    facts: dict[str, Any] = {"run": done.pk, "node": "score.table", "state": "ready", "signature": signature, "by": "editor@example.org"}
    return EndpointVersion.objects.create(endpoint=endpoint, number=1, **facts)


def test_an_endpoint_leads_back_to_its_model_and_its_dataset(
    team: Team,
    prices: Dataset,  # noqa: F811
    model: ModelVersion,
    version: EndpointVersion,
) -> None:
    told = look(team, f"endpoint:{version.endpoint_id}", direction="back")
    end, registered = f"endpoint:{version.endpoint_id}.1", f"model:{model.model_id}.1"
    assert {("score", end), (registered, end), ("train", registered), (f"dataset:{prices.pk}.1", "data")} <= edges(told)
    nodes = {node["id"]: node for node in told["nodes"]}
    assert nodes[end]["detail"] == "Endpoint, version 1, takes 100 % of the requests" and nodes[end]["people"] == ["Editor"]
    assert nodes[registered]["href"] == f"/models/{model.model_id}"


def test_a_figure_of_an_endpoint_leads_back_by_its_column(team: Team, prices: Dataset, version: EndpointVersion) -> None:  # noqa: F811
    told = look(team, f"endpoint:{version.endpoint_id}.1", direction="back", column="Scored Labels")
    nodes = {node["id"]: node for node in told["nodes"]}
    assert nodes[f"run:{version.run}/score"]["columns"]["table"] == ["Scored Labels"] and f"dataset:{prices.pk}.1" in nodes
    answer = team.client("viewer").get("/api/lineage/", {"of": f"endpoint:{version.endpoint_id}.1", "column": "none"})
    assert answer.status_code == 404


def test_a_figure_of_an_input_leads_to_the_column_of_the_dataset(
    team: Team,
    prices: Dataset,  # noqa: F811
    model: ModelVersion,
    version: EndpointVersion,
) -> None:
    """And to no model, whose features would all come along."""
    end = f"endpoint:{version.endpoint_id}.1"
    told = look(team, end, direction="back", column="size")
    assert told["columns"] == ["Scored Labels", "size"]
    assert edges(told) == {("data", end), (f"dataset:{prices.pk}.1", "data")}
    assert [(edge["columns"], edge["basis"]) for edge in told["edges"] if edge["target"] == end] == [(["size"], "name")]


def test_a_dataset_and_a_model_lead_forward_to_the_endpoint(
    team: Team,
    prices: Dataset,  # noqa: F811
    model: ModelVersion,
    version: EndpointVersion,
) -> None:
    end = f"endpoint:{version.endpoint_id}.1"
    assert ("score", end) in edges(look(team, f"dataset:{prices.pk}", direction="forward"))
    assert edges(look(team, f"model:{model.model_id}.1", direction="forward")) == {(f"model:{model.model_id}.1", end)}


def test_what_was_published_from_an_older_run_is_found_from_the_dataset(
    team: Team,
    prices: Dataset,  # noqa: F811
    done: Run,  # noqa: F811
    version: EndpointVersion,
) -> None:
    Run.objects.filter(pk=done.pk).update(document=None)  # the newest run of no pipeline
    assert (f"dataset:{prices.pk}.1", f"endpoint:{version.endpoint_id}.1") in edges(look(team, f"dataset:{prices.pk}", direction="forward"))


def test_a_served_model_says_what_serves_it_and_cannot_be_deleted(team: Team, model: ModelVersion, version: EndpointVersion) -> None:
    (use,) = [use for use in users_of(model) if use.kind == "endpoint"]
    assert (use.id, use.name, use.serves) == (version.endpoint_id, "price", True)
    assert team.client("admin").delete(f"/api/models/{model.model_id}/").status_code == 409
    Endpoint.objects.update(shares={})
    assert not [use for use in users_of(model) if use.kind == "endpoint"]


def test_those_of_another_workspace_and_absent_ones_are_alike(team: Team, model: ModelVersion, version: EndpointVersion) -> None:
    for of in (f"endpoint:{version.endpoint_id}", f"endpoint:{version.endpoint_id}.1", f"model:{model.model_id}.1"):
        foreign = team.client("foreign").get("/api/lineage/", {"of": of})
        absent = team.client("foreign").get("/api/lineage/", {"of": f"{of.partition(':')[0]}:{'0' * 32}"})
        assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_without_its_run_the_lineage_says_so(team: Team, version: EndpointVersion) -> None:
    EndpointVersion.objects.update(run="0" * 32)
    told = look(team, f"endpoint:{version.endpoint_id}", direction="back")
    assert told["edges"] == [] and "is not kept any more" in told["notes"][0]


def test_a_registered_model_leads_forward_to_the_pipelines_that_load_it_and_back_from_them(
    team: Team,
    prices: Dataset,  # noqa: F811
    model: ModelVersion,
) -> None:
    nodes = {
        "model": {"module": "data.registered_model", "params": {"model": "price"}},
        "data": {"module": "data.dataset", "params": {"dataset": prices.name}},
        "double": {"module": "transform.derive_column", "params": {"name": "twice", "formula": "price * 2"}},
        "use": {"module": "scoring.score_model"},
    }
    placed = {name: {"params": {}, "position": [0, 100 * at], **node} for at, (name, node) in enumerate(nodes.items())}
    wires = [["model.model", "use.model"], ["data.table", "double.table"], ["double.table", "use.table"]]
    document = {**graph(prices.name), "nodes": placed, "edges": wires}
    run = of_pipeline(team, services.make(team.workspace, team.people["editor"], document=document), document)
    told = look(team, f"run:{run.pk}/use.table", direction="back")
    ours = f"model:{model.model_id}.1"
    assert {(ours, "model"), ("train", ours), (f"dataset:{prices.pk}.1", "data")} <= edges(told) and told["notes"] == []
    assert {(ours, "model"), ("model", "use")} <= edges(look(team, ours, direction="forward"))
    team.client("editor").post("/api/models/", {"run": model.run, "node": "train", "port": "model", "name": "copy"}, format="json")
    copy = RegisteredModel.objects.get(name="copy")
    assert (f"model:{copy.pk}.1", "model") not in edges(look(team, f"model:{copy.pk}.1", direction="forward"))
    assert {each["name"] for each in end_of(run)["inputs"]} == {"models/price", prices.name}
    RegisteredModel.objects.all().delete()
    told = look(team, f"run:{run.pk}/use.table", direction="back")
    assert told["notes"] == ["The version of the registered model “price” that model loaded was deleted."]
