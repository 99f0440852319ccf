"""Lineage over REST: back to datasets and people, forward to what depends on a result, down to columns; within one workspace."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from designer.datasets.models import Dataset
from designer.documents import services
from pipelines.models import Run
from tests.designer.conftest import Team
from tests.designer.runs.test_views import code, of_pipeline

TABLE = b"city,price,size\nOslo,3,1\nRome,1,2\nOslo,2,3\nBonn,5,4\nRome,4,5\nOslo,6,6\nBonn,2,7\nRome,7,8\n"


def graph(dataset: str) -> dict[str, Any]:
    nodes = {
        "data": {"module": "data.dataset", "params": {"dataset": dataset}},
        "double": {"module": "transform.derive_column", "params": {"name": "twice", "formula": "price * 2"}, "title": "Double the price"},
        "split": {"module": "transform.split_data", "params": {"fraction": 0.5}},
        "learner": {"module": "regression.linear_regression"},
        "train": {"module": "training.train_model", "params": {"label": "price"}},
        "score": {"module": "scoring.score_model"},
    }
    edges = [
        ["data.table", "double.table"],
        ["double.table", "split.table"],
        ["split.first", "train.table"],
        ["learner.model", "train.untrained"],
        ["train.model", "score.model"],
        ["split.second", "score.table"],
    ]
    placed = {name: {"params": {}, "position": [0, 100 * at], **node} for at, (name, node) in enumerate(nodes.items())}
    return {"format": 1, "name": "Prices", "nodes": placed, "edges": edges, "parameters": {}, "frames": [], "notes": []}


def upload(team: Team, name: str = "prices.csv", table: bytes = TABLE, who: str = "editor") -> Dataset:
    made = team.client(who).post("/api/datasets/", {"file": SimpleUploadedFile(name, table)}, format="multipart")
    assert made.status_code == 201, made.content
    return Dataset.objects.get(pk=made.json()["id"])


@pytest.fixture
def prices(team: Team) -> Dataset:
    return upload(team)


@pytest.fixture
def done(team: Team, prices: Dataset) -> Run:
    document = graph(prices.name)
    return of_pipeline(team, services.make(team.workspace, team.people["editor"], document=document), document)


def look(team: Team, of: str, who: str = "viewer", **query: Any) -> Any:
    answer = team.client(who).get("/api/lineage/", {"of": of, **query})
    assert answer.status_code == 200, answer.content
    return answer.json()


def edges(told: Any) -> set[tuple[str, str]]:
    return {(edge["source"].rpartition("/")[2], edge["target"].rpartition("/")[2]) for edge in told["edges"]}


def test_a_result_leads_back_to_its_dataset_and_its_people(team: Team, prices: Dataset, done: Run) -> None:
    told = look(team, f"run:{done.pk}/train.model", direction="back")
    source = f"dataset:{prices.pk}.1"
    assert edges(told) == {
        (source, "data"),
        ("data", "double"),
        ("double", "split"),
        ("split", "train"),
        ("learner", "train"),
    }
    nodes = {node["id"]: node for node in told["nodes"]}
    assert nodes[source]["people"] == ["Editor"] and nodes[source]["title"] == prices.title and "8 rows" in nodes[source]["detail"]
    assert nodes[f"run:{done.pk}/double"]["title"] == "Double the price" and nodes[f"run:{done.pk}/double"]["people"] == ["E"]
    assert told["focus"] == [f"run:{done.pk}/train"] and told["notes"] == []


def test_a_dataset_leads_forward_to_all_that_depends_on_it_and_a_saved_value_links_pipelines(
    team: Team, prices: Dataset, done: Run
) -> None:
    saved = team.client("editor").post(f"/api/runs/{done.pk}/outputs/train/model/save/", {"name": "Fair price"}, format="json").json()
    told = look(team, f"dataset:{prices.pk}")
    assert {("split", "train"), ("split", "score"), ("train", f"dataset:{saved['id']}.1")} <= edges(told)
    back = look(team, f"dataset:{saved['id']}", direction="back")
    assert {("train", f"dataset:{saved['id']}.1"), (f"dataset:{prices.pk}.1", "data")} <= edges(back)


def test_columns_come_from_what_the_module_declares_else_from_all(team: Team, prices: Dataset, done: Run) -> None:
    told = look(team, f"run:{done.pk}/split.first", column="twice", direction="back")
    passed = {(edge["source"].rpartition("/")[2], edge["target"].rpartition("/")[2]): edge for edge in told["edges"]}
    first = passed["data", "double"]
    assert (first["columns"], first["basis"]) == (["price"], "declared")
    assert passed[f"dataset:{prices.pk}.1", "data"]["columns"] == ["price"]
    assert (passed["double", "split"]["columns"], passed["double", "split"]["basis"]) == (["twice"], "name")
    assert told["columns"] == ["city", "price", "size", "twice"]

    model = look(team, f"run:{done.pk}/train.model", direction="back")
    assert {edge["basis"] for edge in model["edges"] if edge["target"].endswith("/train")} == {"declared"}
    scores = look(team, f"run:{done.pk}/score.table", direction="back")["columns"]
    scored = look(team, f"run:{done.pk}/score.table", column=scores[-1], direction="back")
    assert {edge["basis"] for edge in scored["edges"] if edge["target"].endswith("/score")} == {"all"}


def test_a_column_leads_forward_to_what_is_computed_from_it(team: Team, prices: Dataset, done: Run) -> None:
    told = look(team, f"dataset:{prices.pk}", column="price", direction="forward")
    nodes = {node["id"].rpartition("/")[2]: node for node in told["nodes"]}
    assert set(nodes["double"]["columns"]["table"]) == {"price", "twice"} and "train" in nodes
    unused = look(team, f"run:{done.pk}/data.table", column="city", direction="forward")
    double = next(node for node in unused["nodes"] if node["id"].endswith("/double"))
    assert double["columns"]["table"] == ["city"]


def test_the_depth_is_bounded_and_said(team: Team, done: Run) -> None:
    told = look(team, f"run:{done.pk}/train.model", direction="back", depth=1)
    assert edges(told) == {("split", "train"), ("learner", "train")}
    assert told["notes"] == ["The lineage is longer: it was followed for 1 step."]


def test_a_run_of_more_steps_than_nodes_shows_how_they_are_connected(team: Team, done: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("designer.lineage.queries.MOST_NODES", 3)
    told = look(team, f"run:{done.pk}")
    assert {("data", "double"), ("split", "train"), ("train", "score")} <= edges(told) and len(told["nodes"]) == 6
    assert told["notes"] == ["The lineage is longer: it ends after 200 nodes. Look from one of the last ones to see more."]


def test_nothing_of_another_workspace_is_in_it(team: Team, prices: Dataset, done: Run) -> None:
    """The same bytes are in both workspaces, and a run there reads them."""
    theirs = upload(team, who="foreign")
    document = graph(theirs.name)
    other = Team(theirs.workspace or team.workspace, team.people)
    of_pipeline(other, services.make(other.workspace, team.people["foreign"], document=document), document)
    mine = look(team, f"dataset:{prices.pk}")
    assert {node["href"] for node in mine["nodes"] if node["kind"] == "dataset"} == {f"/datasets/{prices.pk}?version=1"}
    assert {node["href"].split("?")[0] for node in mine["nodes"] if node["kind"] == "run"} == {f"/runs/{done.pk}"}
    for of in (f"run:{done.pk}", f"dataset:{prices.pk}", "run:" + "0" * 32, f"dataset:{prices.pk}.9", f"run:{done.pk}/nothing.table"):
        assert code(team.client("foreign").get("/api/lineage/", {"of": of})) == (404, "not_found"), of


def test_a_dataset_with_the_same_bytes_is_not_taken_for_the_one_that_is_named(team: Team, prices: Dataset, done: Run) -> None:
    copy = upload(team, "copy.csv")
    assert edges(look(team, f"dataset:{copy.pk}")) == set()
    assert (f"dataset:{prices.pk}.1", "data") in edges(look(team, f"dataset:{prices.pk}"))
    assert look(team, f"run:{done.pk}", direction="back")["notes"] == []
    prices.delete()
    told = look(team, f"run:{done.pk}", direction="back")
    assert told["notes"] == ["“prices”, which data read, was renamed or deleted; the dataset “copy” has the same content."]
    assert (f"dataset:{copy.pk}.1", "data") in edges(told) & edges(look(team, f"dataset:{copy.pk}"))


def test_what_cannot_be_followed_is_refused_with_the_place(team: Team, done: Run) -> None:
    viewer = team.client("viewer")
    assert code(viewer.get("/api/lineage/", {"of": "banana"})) == (400, "bad_reference")
    assert code(viewer.get("/api/lineage/", {"of": f"run:{done.pk}/data.table", "column": "nothing"})) == (404, "unknown_column")
    assert viewer.get("/api/lineage/").status_code == 400
    assert viewer.get("/api/lineage/", {"of": f"run:{done.pk}", "depth": 99}).status_code == 400
    for of in (f"run:{done.pk}/split.nothing", f"run:{done.pk}/data.table.more", "run:../..", f"dataset:{'9' * 40}", "dataset:a.²"):
        assert viewer.get("/api/lineage/", {"of": of}).status_code == 404, of
