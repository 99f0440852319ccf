"""The API of datasets, as a browser uses it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from designer.datasets.ingest import store_table
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.services import make
from pipelines.preview.export import FORMATS
from pipelines.texts.rules import MISSING_WORDS
from tests.designer.datasets.conftest import Send

CSV = b"make,price,sold\naudi,13950,2024-01-05\nbmw,16430,2024-02-01\nvw,,\n"


def body(response: Any) -> bytes:
    async def pieces() -> bytes:
        return b"".join([piece async for piece in response.streaming_content])

    return asyncio.run(pieces())


@pytest.fixture
def sample(db: None, tmp_path: Any) -> Dataset:
    file = tmp_path / "little.csv"
    file.write_bytes(CSV)
    return make(None, "little", "Little", "Made up.", store_table("samples", file, "little.csv"), None)


def test_an_upload_becomes_a_dataset(send: Send, client: APIClient, workspace: Any, scratch: Callable[[], list[str]]) -> None:
    response = send(CSV, "My Cars (2024).csv")
    assert response.status_code == 201, response.content
    made = response.json()
    assert made["name"] == "my_cars_2024" and made["title"] == "My Cars (2024)"
    assert (made["rows"], made["version"], made["workspace"], made["sample"]) == (3, 1, workspace.pk, False)
    assert [(column["name"], column["dtype"], column["kind"]) for column in made["columns"]] == [
        ("make", "String", "text"),
        ("price", "Int64", "number"),
        ("sold", "Date", "datetime"),
    ]
    assert made["versions"][0]["encoding"] == "UTF-8"
    assert scratch() == []
    assert client.get(f"/api/datasets/{made['id']}/").json() == made
    assert [one["id"] for one in client.get("/api/datasets/").json()] == [made["id"]]


def test_the_same_file_twice_makes_two_names(send: Send) -> None:
    assert [send(CSV).json()["name"] for _ in range(3)] == ["cars", "cars_2", "cars_3"]


def test_a_name_may_be_given(send: Send) -> None:
    made = send(CSV, name="Used cars").json()
    assert (made["name"], made["title"]) == ("used_cars", "Used cars")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.csv", "..\\..\\boot.csv", "/etc/cron.d/x.csv", "a\x00b.csv", "x" * 300 + ".csv", "Ünï cödé.csv"]
)
def test_a_file_name_is_only_a_label(send: Send, name: str) -> None:
    made = send(CSV, name)
    assert made.status_code == 201
    assert "/" not in made.json()["name"] and ".." not in made.json()["name"]


def test_rows_profile_and_search(send: Send, client: APIClient) -> None:
    id = send(CSV).json()["id"]
    rows = client.get(f"/api/datasets/{id}/rows/", {"sort": "-price", "limit": "2"}).json()
    assert rows["total"] == 3 and [row[0] for row in rows["rows"]] == ["bmw", "audi"]
    asked = json.dumps([{"column": "price", "op": "missing"}])
    assert client.get(f"/api/datasets/{id}/rows/", {"filter": asked}).json()["rows"] == [["vw", None, None]]
    profile = client.get(f"/api/datasets/{id}/profile/").json()
    assert [(column["name"], column["missing"]) for column in profile["columns"]] == [("make", 0), ("price", 1), ("sold", 1)]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"sort": "nothing"}, "unknown_column"),
        ({"offset": "-1"}, "bad_question"),
        ({"limit": "many"}, "bad_question"),
        ({"filter": "{"}, "bad_question"),
        ({"filter": '[{"column":"price","op":">","value":"dear"}]'}, "bad_value"),
        ({"filter": '[{"column":"price","op":"~","value":1}]'}, "bad_operator"),
    ],
)
def test_a_bad_question_names_its_place(send: Send, client: APIClient, query: dict[str, str], code: str) -> None:
    id = send(CSV).json()["id"]
    response = client.get(f"/api/datasets/{id}/rows/", query)
    assert response.status_code == 400 and response.json()["error"]["code"] == code


def test_a_download_is_an_attachment(send: Send, client: APIClient, scratch: Callable[[], list[str]]) -> None:
    id = send(CSV).json()["id"]
    response = client.get(f"/api/datasets/{id}/download/", {"as": "csv"})
    assert response["Content-Disposition"] == 'attachment; filename="cars.csv"'
    assert body(response) == CSV
    back = pl.read_parquet(io.BytesIO(body(client.get(f"/api/datasets/{id}/download/", {"as": "parquet"}))))
    assert back["price"].to_list() == [13950, 16430, None]
    assert client.get(f"/api/datasets/{id}/download/", {"as": "exe"}).status_code == 400
    assert scratch() == []


@pytest.mark.parametrize(("as_", "media_type"), FORMATS.items())
def test_a_download_is_of_the_type_that_the_description_says(send: Send, client: APIClient, as_: str, media_type: str) -> None:
    id = send(CSV).json()["id"]
    response = client.get(f"/api/datasets/{id}/download/", {"as": as_}, HTTP_ACCEPT=media_type)
    assert (response.status_code, response["Content-Type"]) == (200, media_type)
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    said = paths["/api/datasets/{dataset}/download/"]["get"]["responses"]["200"]["content"]
    assert set(said) == set(FORMATS.values())


def test_how_text_is_read_can_be_asked_for(send: Send, client: APIClient) -> None:
    content = b"n,t,d\n1,x,03/04/2024\nNA,NA,05/06/2024\n-9,y,\n"
    made = send(content).json()
    assert [column["dtype"] for column in made["columns"]] == ["Int64", "String", "String"]
    assert "Column “n”: 1 \u00d7 “NA” was read as missing." in made["versions"][0]["notes"]
    asked = {"missing_words": "na, -9", "missing_in_text": "true", "dates": "day_first"}
    made = send(content, to=f"/api/datasets/{made['id']}/versions/", **asked).json()
    assert [column["dtype"].partition("(")[0] for column in made["columns"]] == ["Int64", "String", "Date"]
    rows = client.get(f"/api/datasets/{made['id']}/rows/").json()["rows"]
    assert rows == [[1, "x", "2024-04-03"], [None, None, "2024-06-05"], [None, "y", None]]
    assert send(content, missing_words="").json()["columns"][0]["dtype"] == "String"


def test_a_further_version_is_read_as_the_newest_unless_told_otherwise(send: Send) -> None:
    asked = {"missing_words": "-9", "missing_in_text": "true", "dates": "day_first"}
    made = send(b"n,a\n1,03/04/2024\n-9,05/06/2024\n", **asked).json()
    as_asked = {**asked, "missing_in_text": True}
    assert made["versions"][0]["reading"] == as_asked
    to = f"/api/datasets/{made['id']}/versions/"
    made = send(b"n,a\n1,03/04/2024\n2,-9\n", to=to).json()
    assert [column["dtype"] for column in made["columns"]] == ["Int64", "Date"]
    assert made["versions"][0]["reading"] == as_asked
    made = send(b"n,a\n1,03/04/2024\n2,-9\n", to=to, dates="month_first", missing_in_text="false").json()
    assert made["versions"][0]["reading"] == {"missing_words": "-9", "missing_in_text": False, "dates": "month_first"}
    assert [version["reading"]["dates"] for version in made["versions"]] == ["month_first", "day_first", "day_first"]


def test_of_versions_that_came_before_it_was_recorded_the_reading_is_unknown(send: Send, client: APIClient) -> None:
    made = send(CSV, missing_words="-9").json()
    DatasetVersion.objects.update(reading={})
    assert client.get(f"/api/datasets/{made['id']}/").json()["versions"][0]["reading"] is None
    made = send(CSV, to=f"/api/datasets/{made['id']}/versions/").json()
    assert made["versions"][0]["reading"] == {"missing_words": ", ".join(MISSING_WORDS), "missing_in_text": False, "dates": "auto"}


@pytest.mark.parametrize(
    "asked", [{"dates": "sideways"}, {"missing_words": "x" * 41}, {"missing_words": "x," * 2_000}, {"missing_in_text": "perhaps"}]
)
def test_a_bad_way_of_reading_is_refused(send: Send, asked: dict[str, str]) -> None:
    response = send(CSV, **asked)
    assert response.status_code == 400 and response.json()["error"]["field"] == next(iter(asked))
    assert Dataset.objects.count() == 0


def test_what_a_workspace_has_no_room_for(send: Send, workspace: Any, scratch: Callable[[], list[str]]) -> None:
    workspace.limits = {**(workspace.limits or {}), "store_bytes": 2_000_000}
    workspace.save()
    response = send(b"a,b\n" + b"1,x\n" * 200_000)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "store_full")
    assert scratch() == []
    assert send(CSV).status_code == 201


def test_a_further_version(send: Send, client: APIClient) -> None:
    id = send(CSV).json()["id"]
    response = send(CSV + b"kia,9000,2024-03-01\n", "cars_march.csv", f"/api/datasets/{id}/versions/")
    assert response.status_code == 201
    made = response.json()
    assert (made["version"], made["rows"], [one["rows"] for one in made["versions"]]) == (2, 4, [4, 3])
    assert client.get(f"/api/datasets/{id}/rows/", {"version": "1"}).json()["total"] == 3
    assert client.get(f"/api/datasets/{id}/rows/").json()["total"] == 4
    assert client.get(f"/api/datasets/{id}/rows/", {"version": "3"}).status_code == 404


def test_renaming(send: Send, client: APIClient, sample: Dataset) -> None:
    id = send(CSV).json()["id"]
    send(CSV, "vans.csv")

    def rename(**changes: str) -> Any:
        return client.patch(f"/api/datasets/{id}/", changes, format="json")

    assert rename(name="autos", title="Autos").json()["name"] == "autos"
    assert rename(name="vans").status_code == 409
    assert rename(name="little").status_code == 409
    assert rename(name="No Name!").json()["error"]["code"] == "bad_name"


def test_own_datasets_come_first_by_their_last_change(send: Send, client: APIClient, sample: Dataset) -> None:
    first, second = send(CSV, "a.csv").json(), send(CSV, "b.csv").json()
    assert [one["name"] for one in client.get("/api/datasets/").json()] == ["b", "a", "little"]
    changed = send(CSV, to=f"/api/datasets/{first['id']}/versions/").json()
    assert changed["changed_at"] > second["changed_at"] > changed["created_at"]
    listed = client.get("/api/datasets/").json()
    assert [(one["name"], one["sample"]) for one in listed] == [("a", False), ("b", False), ("little", True)]


def test_deleting(send: Send, client: APIClient) -> None:
    id = send(CSV).json()["id"]
    assert client.delete(f"/api/datasets/{id}/").status_code == 204
    assert client.get(f"/api/datasets/{id}/").status_code == 404


def test_samples_are_for_everybody_and_stay(client: APIClient, stranger: APIClient, send: Send, sample: Dataset) -> None:
    for one in (client, stranger):
        assert [dataset["name"] for dataset in one.get("/api/datasets/").json()] == ["little"]
        assert one.get(f"/api/datasets/{sample.pk}/rows/").json()["total"] == 3
        assert one.delete(f"/api/datasets/{sample.pk}/").json()["error"]["code"] == "sample"
        assert one.patch(f"/api/datasets/{sample.pk}/", {"name": "x"}, format="json").status_code == 403
        assert send(CSV, to=f"/api/datasets/{sample.pk}/versions/", by=one).status_code == 403
    assert send(CSV, "little.csv").json()["name"] == "little_2"


def test_a_viewer_looks_and_changes_nothing(send: Send, viewer: APIClient, workspace: Any) -> None:
    id = send(CSV).json()["id"]
    assert viewer.get(f"/api/datasets/{id}/rows/").status_code == 200
    assert send(CSV, by=viewer).status_code == 403
    assert send(CSV, to=f"/api/datasets/{id}/versions/", by=viewer).status_code == 403
    assert viewer.delete(f"/api/datasets/{id}/").status_code == 403
    assert viewer.patch(f"/api/datasets/{id}/", {"title": "x"}, format="json").status_code == 403


def test_a_stranger_finds_nothing(send: Send, stranger: APIClient, workspace: Any) -> None:
    id = send(CSV).json()["id"]
    absent = stranger.get("/api/datasets/0123456789abcdef0123456789abcdef/")
    for path in ("", "rows/", "profile/", "download/?as=csv"):
        response = stranger.get(f"/api/datasets/{id}/{path}")
        assert (response.status_code, response.content) == (404, absent.content)
    assert stranger.get("/api/datasets/").json() == []
    assert stranger.get("/api/datasets/", {"workspace": workspace.pk}).status_code == 404
    assert send(CSV, by=stranger).status_code == 404
    assert APIClient().get("/api/datasets/").status_code in (401, 403)


def test_an_upload_without_a_file(client: APIClient, workspace: Any) -> None:
    response = client.post("/api/datasets/", {"workspace": workspace.pk}, format="multipart")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "no_file")
    response = client.post("/api/datasets/", {"file": "text, not a file", "workspace": workspace.pk}, format="multipart")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "no_file")


def test_an_upload_beyond_the_limit(send: Send, settings: Any) -> None:
    settings.EASEL_UPLOAD_LIMIT = 10
    response = send(CSV)
    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")
