"""Publishing a model for batches: a pipeline that scores a dataset with the scoring graph of an endpoint, a registered model, or a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User

from designer.datasets.models import Dataset
from designer.datasets.resolver import number_of
from designer.datasets.saving import save_output
from designer.documents.models import Pipeline
from designer.documents.services import make, sound_document, unused_name
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.http.errors import Refusal
from designer.published.ends import inputs_of
from designer.published.models import PublishedVersion
from designer.registry.models import ModelVersion
from designer.scoring.deriving import derive
from designer.scoring.refusing import telling
from designer.workspaces.models import Workspace
from pipelines import flow
from pipelines.catalogue.kind import kinds
from pipelines.models import Connection, Run
from pipelines.serving.bundle import read_bundle
from pipelines.serving.graph import ScoringGraph

KIND = "scoring_graph"
INPUT = "rows"
MOST_BAD = 5.0


@dataclass(frozen=True)
class Bundle:
    """A stored scoring graph, what its scores are known by, and the dataset that its run read."""

    digest: str
    version_name: str
    dataset: str | None


def of_endpoint(endpoint: Endpoint, number: int | None) -> Bundle:
    """The bundle of a version of an endpoint; without a number, of the one with the most requests.

    Raises:
        Refusal: 422 when there is no such version, or it is not proven.
    """
    wanted = number or max(map(int, endpoint.shares), key=lambda each: endpoint.shares[str(each)], default=0)
    version = endpoint.versions.filter(number=wanted).first()
    if version is None or not version.bundle:
        words = (
            f"“{endpoint.name}” has no version {wanted} that is ready." if wanted else f"“{endpoint.name}” has no version that is ready."
        )
        raise Refusal(
            422, "unknown_version", words, remedy="Wait until the version is proven, or name another one.", field="scoring.version"
        )
    return Bundle(version.bundle, f"{endpoint.name} {version.number}", _dataset_of_endpoint(version))


def _dataset_of_endpoint(version: EndpointVersion) -> str | None:
    run = Run.objects.filter(pk=version.run, scope=version.endpoint.workspace_id).first()
    if run is None:
        return None
    data = flow.store(version.endpoint.workspace_id).path(version.bundle).read_bytes()
    return _dataset_of(run, read_bundle(data).scoring)


def of_run(run: Run, scored: str | None, version_name: str = "") -> Bundle:
    """The scoring graph of a run, derived and stored.

    Raises:
        Refusal: As for the scoring graph of a run.
    """
    scoring = derive(run, scored)
    with telling():
        data = flow.scoring_bundle(run, scoring)
    digest, _ = flow.store(run.scope).keep_bytes(data)
    return Bundle(digest, version_name or f"run {run.pk[:8]}", _dataset_of(run, scoring))


def of_model(version: ModelVersion) -> Bundle:
    """The scoring graph of the run that made a registered model: the scores that this model gives.

    Raises:
        Refusal: 422 when the run is gone, or no step of it scores rows with the model.
    """
    run = Run.objects.filter(pk=version.run, scope=version.model.workspace_id).first()
    name = f"{version.model.name} {version.number}"
    if run is None:
        words = f"The run that made {name} was deleted, so the steps that prepare its rows are not known."
        raise Refusal(
            422, "run_deleted", words, remedy="Name an endpoint, or a run that scores rows with the model.", field="scoring.model"
        )
    first = derive(run, None)
    for scored in (first.scored, *first.choices):
        scoring = first if scored == first.scored else derive(run, scored)
        if any(pin.output.digest == version.digest for pin in scoring.pinned):
            return of_run(run, scored, name)
    words = f"No step of the run that made {name} scores rows with it."
    raise Refusal(422, "nothing_scores", words, remedy="Add Score Model, run again, and name that run.", field="scoring.model")


def _dataset_of(run: Run, scoring: ScoringGraph) -> str | None:
    """The dataset that the request node of a scoring graph has loaded in its run."""
    ends = inputs_of(flow.read(run.graph), None)
    end = ends.get(scoring.request_end.node)
    return end.dataset if end else None


def pipeline_of(workspace: Workspace, person: User, bundle: Bundle, name: str, asked: Mapping[str, Any]) -> Pipeline:
    """Create the pipeline that scores a dataset, or rows of a database, with a bundle, which is saved in the workspace under the name.

    Raises:
        Refusal: 422 when no dataset is known, or there is no such connection; 409 when the store is full.
    """
    rows = _rows(workspace, bundle, asked)
    kind = kinds()[KIND]
    assert kind.loader is not None
    size = flow.store(workspace.pk).path(bundle.digest).stat().st_size
    saved = save_output(
        workspace, person, flow.Output(KIND, bundle.digest, size), f"{name}_scorer", f"Published for batches: {bundle.version_name}"
    )
    number = number_of(workspace, saved.name, bundle.digest) or saved.versions.latest("number").number
    settings = {"version_name": bundle.version_name, "most_bad": {"$parameter": "most_bad"}}
    if row_id := asked.get("row_id"):
        settings["row_id"] = row_id
    document = {
        "name": f"Batch scoring {name}",
        "nodes": {
            INPUT: {**rows, "position": [260, 0], "title": "Rows to score"},
            "scorer": {"module": kind.loader.id, "params": {KIND: saved.name, "version": number}, "position": [0, 0]},
            "score": {"module": kind.applied_by, "params": settings, "position": [130, 140]},
        },
        "edges": [[f"scorer.{KIND}", f"score.{KIND}"], [f"{INPUT}.table", "score.table"]],
        "parameters": {
            "most_bad": {"type": "number", "default": MOST_BAD, "min": 0, "max": 100, "label": "Bad rows at most (%)"},
        },
    }
    return make(workspace, person, unused_name(workspace, f"Batch scoring {name}"), sound_document(document))


def _rows(workspace: Workspace, bundle: Bundle, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The node that gives the rows to score."""
    if name := asked.get("database"):
        if not Connection.objects.filter(scope=workspace.pk, name=name, kind="database").exists():
            words = f"There is no connection “{name}” to a database in this workspace."
            remedy = "Name one of the Team page, or ask an admin to create it."
            raise Refusal(422, "unknown_connection", words, remedy=remedy, field="scoring.database")
        given = {key: asked[key] for key in ("query", "table") if key in asked}
        return {"module": "data.import_data", "params": {"source": "database", "database": name, **given}}
    dataset = asked.get("dataset") or bundle.dataset
    if not dataset:
        words = "The rows of the run were not a dataset, so no dataset is known to score."
        raise Refusal(422, "missing_dataset", words, remedy="Name one that has the same columns.", field="scoring.dataset")
    return {"module": "data.dataset", "params": {"dataset": dataset}}


def ends_of(name: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs and results of a pipeline for batches. Rows of a database are no input that a request chooses."""
    stem = name.replace("-", "_")[:40]
    results = [{"output": f"score.{port}", "name": port, "save_as": f"{stem}_{port}".strip("_")} for port in ("scores", "bad_rows")]
    return {"inputs": {} if "database" in asked else {INPUT: INPUT}, "results": results}


def published_with(dataset: Dataset) -> str:
    """Which published pipelines load a saved value, as the beginning of a sentence; empty for none."""
    names = {
        version.published.name
        for version in PublishedVersion.objects.filter(published__workspace=dataset.workspace_id).select_related("published")
        if any(dataset.name in node.get("params", {}).values() for node in version.graph["nodes"].values())
    }
    return f"the published {'pipeline' if len(names) == 1 else 'pipelines'} {', '.join(sorted(names)[:5])}" if names else ""
