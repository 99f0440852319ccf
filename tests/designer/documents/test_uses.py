"""Where a pipeline is in use, and what has changed in it since."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from designer.documents import repository, services
from designer.documents.models import Pipeline
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.schedules.models import Kind
from designer.schedules.services import make as make_schedule
from pipelines.models import Run
from tests.designer.conftest import Team

DOCUMENT: dict[str, Any] = {
    "name": "Cars",
    "nodes": {
        "rows": {"module": "data.enter_data", "params": {"text": "x\n1"}},
        "half": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}}},
        "other": {"module": "transform.remove_duplicate_rows", "params": {}},
    },
    "edges": [["rows.table", "half.table"], ["rows.table", "other.table"]],
    "parameters": {"share": {"type": "number", "default": 0.5}},
}
TIMES = {"rule": {"kind": "every", "minutes": 60}, "zone": "UTC"}


@pytest.fixture
def cars(team: Team) -> Pipeline:
    return services.make(team.workspace, team.people["editor"], "Cars", services.sound_document(DOCUMENT))


def edit(team: Team, pipeline: Pipeline, **params: Any) -> None:
    nodes = {id: {**node, "params": {**node["params"], **params.get(id, {})}} for id, node in DOCUMENT["nodes"].items()}
    services.replace(
        pipeline, services.sound_document({**DOCUMENT, "nodes": nodes}), team.people["editor"], repository.read_draft(pipeline.pk)[0]
    )


def uses(team: Team, pipeline: Pipeline) -> list[tuple[str, str, int | None, list[str] | None]]:
    answer = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/uses/").json()
    return [(use["kind"], use["name"], use["version"], use["changed"]) for use in answer]


def test_a_pipeline_that_nothing_uses(team: Team, cars: Pipeline) -> None:
    assert uses(team, cars) == []
    assert team.client("foreign").get(f"/api/pipelines/{cars.pk}/uses/").status_code == 404


def test_schedules_and_published_pipelines_tell_what_has_changed_since(team: Team, cars: Pipeline) -> None:
    asked = {"name": "cars", "pipeline": cars.pk}
    assert team.client("editor").post("/api/published/", asked, format="json").status_code == 201
    for name, graph in (("Latest", "latest"), ("Drawn", "draft")):
        make_schedule(cars, Kind.TIMES, team.people["editor"], {"name": name, "times": TIMES, "graph": graph})
    found = [("published", "cars", 1, []), ("schedule", "Drawn", None, []), ("schedule", "Latest", None, [])]
    assert sorted(uses(team, cars), key=str) == found
    watch = {"sources": [{"kind": "webhook"}]}
    make_schedule(cars, Kind.EVENTS, team.people["editor"], {"name": "Called", "watch": watch, "graph": "draft"})
    assert ("trigger", "Called", None, []) in uses(team, cars)
    edit(team, cars, rows={"text": "x\n2"})
    assert {name: changed for _, name, _, changed in uses(team, cars)} == {
        "Called": [],
        "Drawn": [],
        "Latest": ["rows"],
        "cars": ["rows"],
    }


def test_many_schedules_need_no_more_queries(team: Team, cars: Pipeline) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            uses(team, cars)
        return len(found)

    make_schedule(cars, Kind.TIMES, team.people["editor"], {"name": "First", "times": TIMES})
    before = queries()
    for number in range(3):
        make_schedule(cars, Kind.TIMES, team.people["editor"], {"name": f"More {number}", "times": TIMES})
    assert queries() == before


def test_an_endpoint_counts_what_leads_to_its_scores_with_the_values_of_its_run(team: Team, cars: Pipeline) -> None:
    bound = {**DOCUMENT, "nodes": {**DOCUMENT["nodes"], "half": {"module": "transform.split_data", "params": {"fraction": 0.8}}}}
    run = Run.objects.create(
        scope=team.workspace.pk,
        document=cars.pk,
        graph=services.sound_document(bound),
        plan={},
        created_at=timezone.now(),
        parameters={"share": {"value": 0.8, "source": "run"}},
    )
    endpoint = Endpoint.objects.create(workspace=team.workspace, name="prices", shares={"2": 100})
    EndpointVersion.objects.create(endpoint=endpoint, number=1, run=run.pk, document=cars.pk, node="half.first", state="ready", by="E")
    EndpointVersion.objects.create(endpoint=endpoint, number=2, run=run.pk, document=cars.pk, node="half.first", state="ready", by="E")
    assert uses(team, cars) == [("endpoint", "prices", 2, [])]
    edit(team, cars, other={"columns": []})
    assert uses(team, cars) == [("endpoint", "prices", 2, [])]
    edit(team, cars, half={"shuffle": True})
    assert uses(team, cars) == [("endpoint", "prices", 2, [])], "its default"
    edit(team, cars, half={"shuffle": False})
    assert uses(team, cars) == [("endpoint", "prices", 2, ["half"])]
    run.delete()
    assert uses(team, cars) == [("endpoint", "prices", 2, None)]
