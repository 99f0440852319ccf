"""Publishing for batches: from a run, a model and an endpoint, to the scores as versions of a dataset, equal to the endpoint's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.utils import timezone

from designer.datasets import services as datasets
from designer.datasets.models import Dataset
from designer.documents.models import Pipeline
from designer.endpoints.models import Endpoint, EndpointVersion
from designer.http.errors import Refusal
from designer.published.saving import settle
from pipelines import flow
from pipelines.models import Connection, Run
from pipelines.runtime import outside
from pipelines.runtime.worker import reporter
from pipelines.serving.scorer import Scorer
from tests.designer.conftest import Team
from tests.designer.execution import executed
from tests.designer.published.conftest import table_file
from tests.support.ledger_driver import run_to_end
from tests.support.scoring import HOUSES, houses


@pytest.fixture
def trained(team: Team) -> Run:
    datasets.upload(team.workspace, team.people["editor"], table_file(HOUSES), "houses")
    drawn = houses()
    drawn["nodes"]["data"] = {"module": "data.dataset", "params": {"dataset": "houses"}}
    return executed(team, drawn)


def refuse(*_: Any) -> Any:
    raise Refusal(422, "invalid_graph", "It cannot be read.")


def make(team: Team, name: str, **scoring: Any) -> Any:
    return team.client("editor").post("/api/published/", {"name": name, "scoring": scoring}, format="json")


def run_of(team: Team, published: str, **asked: Any) -> Any:
    answer = team.client("editor").post(f"/api/published/{published}/runs/", asked, format="json")
    assert answer.status_code == 202, answer.content
    run_to_end(Run.objects.get(pk=answer.json()["id"]))
    settle(timezone.now())
    return team.client("editor").get(answer.json()["follow"]).json()


def rows_of(name: str) -> pl.DataFrame:
    version = Dataset.objects.get(name=name).versions.latest("number")
    return flow.table(version.output, version.dataset.scope).frame


def endpoint_of(team: Team, run: Run) -> Endpoint:
    """An endpoint whose version is proven, as a worker leaves it."""
    data = flow.scoring_bundle(run, flow.scoring_graph(run))
    digest, _ = flow.store(run.scope).keep_bytes(data)
    endpoint = Endpoint.objects.create(workspace=team.workspace, name="houses", shares={"1": 100}, created_by="E", last_number=1)
    EndpointVersion.objects.create(endpoint=endpoint, number=1, run=run.pk, state="ready", bundle=digest, by="E")
    return endpoint


def test_the_scores_of_an_endpoint_become_a_dataset_with_what_they_came_from(team: Team, trained: Run) -> None:
    endpoint = endpoint_of(team, trained)
    made = make(team, "house-prices", endpoint=endpoint.pk, row_id="size")
    assert made.status_code == 201, made.content
    (version,) = made.json()["listed"]
    assert version["inputs"]["rows"]["dataset"] == "houses" and version["parameters"]["most_bad"]["default"] == 5
    assert [(each["name"], each["save_as"]) for each in version["results"]] == [
        ("scores", "house_prices_scores"),
        ("bad_rows", "house_prices_bad_rows"),
    ]
    done = run_of(team, made.json()["id"])
    assert (done["state"], done["problem"], done["results"][0]["rows"]) == ("done", "", 60), done
    scores, source = rows_of("house_prices_scores"), rows_of("houses")
    bundle = flow.store(team.workspace.pk).path(EndpointVersion.objects.get().bundle).read_bytes()
    wanted = Scorer.load(bundle).score(source.drop("price").to_dicts()).columns["Scored Labels"]
    assert scores["Scored Labels"].to_list() == wanted and scores["row_id"].to_list() == source["size"].to_list()
    assert scores["model_version"].unique().to_list() == ["houses 1"] and scores["error"].null_count() == 60
    held = team.client("editor").delete(f"/api/datasets/{Dataset.objects.get(name='house_prices_scorer').pk}/")
    assert (held.status_code, held.json()["error"]["code"]) == (409, "in_use")


def test_another_dataset_has_its_bad_rows_apart_and_too_many_fail(team: Team, trained: Run) -> None:
    made = make(team, "of-run", run=trained.pk).json()
    head, *lines = HOUSES.splitlines()
    broken = "\n".join([head, *(f"wide,{line.partition(',')[2]}" if at < 6 else line for at, line in enumerate(lines))])
    datasets.upload(team.workspace, team.people["editor"], table_file(broken), "broken")
    failed = run_of(team, made["id"], inputs={"rows": {"dataset": "broken"}})
    assert failed["state"] == "failed" and failed["error"]["code"] == "too_many_bad_rows" and failed["saved"]
    assert "“size”" in failed["error"]["words"] and not Dataset.objects.filter(name="of_run_scores").exists()
    done = run_of(team, made["id"], inputs={"rows": {"dataset": "broken"}}, parameters={"most_bad": 100})
    assert done["state"] == "done" and rows_of("of_run_bad_rows").height == rows_of("of_run_scores")["error"].drop_nulls().len() == 6


def test_a_model_is_published_with_what_prepares_its_rows(team: Team, trained: Run) -> None:
    body = {"name": "line", "run": trained.pk, "node": "train", "port": "model"}
    model = team.client("editor").post("/api/models/", body, format="json")
    assert model.status_code == 201, model.content
    made = make(team, "of-model", model=model.json()["id"], version="1")
    assert made.status_code == 201, made.content
    assert Pipeline.objects.get(pk=made.json()["listed"][0]["pipeline"]).name == "Batch scoring of-model"
    again = team.client("editor").post(f"/api/published/{made.json()['id']}/versions/", {"scoring": {"run": trained.pk}}, format="json")
    assert (again.status_code, again.json()["number"]) == (201, 2), again.content
    Run.objects.filter(pk=trained.pk).delete()
    assert make(team, "late", model=model.json()["id"]).json()["error"]["code"] == "run_deleted"


def test_rows_of_a_query_are_scored_through_a_connection(team: Team, trained: Run, tmp_path: Path, settings: Any, monkeypatch: Any) -> None:
    settings.EASEL_IMPORT_FOLDERS = [tmp_path]
    outside._allowed.cache_clear()
    monkeypatch.setattr(reporter, "FLUSH_SECONDS", 60.0)  # its thread would wait for the transaction of the test
    source = rows_of("houses")
    with closing(sqlite3.connect(tmp_path / "sales.db")) as made, made:
        made.execute(f"CREATE TABLE offers ({', '.join(source.columns)})")
        made.executemany(f"INSERT INTO offers VALUES ({', '.join('?' * source.width)})", source.rows())
    where = {"scope": team.workspace.pk, "kind": "database", "address": f"sqlite:///{tmp_path}/sales.db"}
    Connection.objects.create(name="sales", **where)
    query = {"database": "sales", "query": "SELECT * FROM offers ORDER BY rowid LIMIT 40"}
    published = make(team, "offers", run=trained.pk, **query)
    assert published.status_code == 201 and published.json()["listed"][0]["inputs"] == {}, published.content
    done = run_of(team, published.json()["id"])
    assert (done["state"], done["results"][0]["rows"]) == ("done", 40), done
    data = flow.scoring_bundle(trained, flow.scoring_graph(trained))
    wanted = Scorer.load(data).score(source.head(40).drop("price").to_dicts()).columns["Scored Labels"]
    assert rows_of("offers_scores")["Scored Labels"].to_list() == wanted
    outside._allowed.cache_clear()

    before = Pipeline.objects.count(), Dataset.objects.count()
    monkeypatch.setattr("designer.published.services._content", refuse)
    assert make(team, "other", run=trained.pk, **query).json()["error"]["code"] == "invalid_graph"
    address, asked = f"/api/published/{published.json()['id']}/versions/", {"scoring": {"run": trained.pk, **query}}
    assert team.client("editor").post(address, asked, format="json").status_code == 422
    for wrong, code in (
        ({"database": "nowhere", "table": "offers"}, "unknown_connection"),
        ({"database": "sales"}, "bad_request"),
        ({"query": "SELECT 1"}, "bad_request"),
        ({**query, "table": "offers"}, "bad_request"),
        ({**query, "dataset": "houses"}, "bad_request"),
    ):
        assert make(team, "other", run=trained.pk, **wrong).json()["error"]["code"] == code, wrong
    assert (Pipeline.objects.count(), Dataset.objects.count()) == before, "nothing is made for what is refused"


@pytest.mark.parametrize(
    ("scoring", "status", "code"),
    [
        ({}, 400, "bad_request"),
        ({"endpoint": "0" * 32}, 404, "not_found"),
        ({"run": "0" * 32}, 404, "not_found"),
        ({"model": "0" * 32}, 404, "not_found"),
        ({"run": "a", "model": "b"}, 400, "bad_request"),
    ],
)
def test_what_cannot_score_is_refused(team: Team, scoring: Any, status: int, code: str) -> None:
    refused = make(team, "a", **scoring)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code), refused.content


def test_an_endpoint_without_a_proven_version_is_refused(team: Team, trained: Run) -> None:
    endpoint = endpoint_of(team, trained)
    for version in ("7", "new"):
        assert make(team, "a", endpoint=endpoint.pk, version=version).json()["error"]["code"] == "unknown_version"
    EndpointVersion.objects.update(bundle="")
    assert make(team, "a", endpoint=endpoint.pk).json()["error"]["code"] == "unknown_version"
    assert not Pipeline.objects.exists(), "nothing is made for what is refused"
    both = {"name": "a", "pipeline": "x", "scoring": {"run": trained.pk}}
    assert team.client("editor").post("/api/published/", both, format="json").json()["error"]["field"] == "pipeline"
    mixed = {"name": "a", "inputs": {"rows": "rows"}, "scoring": {"run": trained.pk}}
    assert team.client("editor").post("/api/published/", mixed, format="json").json()["error"]["field"] == "inputs"
