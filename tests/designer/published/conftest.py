"""A pipeline with a parameter and a dataset, ready to be published."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import TemporaryUploadedFile

from designer.datasets import services as datasets
from designer.documents import repository
from designer.documents import services as documents
from designer.documents.models import Pipeline
from tests.designer.conftest import Team

DOCUMENT: dict[str, Any] = {
    "name": "Halves",
    "nodes": {
        "rows": {"module": "data.dataset", "params": {"dataset": "numbers"}},
        "half": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}, "shuffle": False}},
    },
    "edges": [["rows.table", "half.table"]],
    "parameters": {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1, "label": "Share"}},
    "presets": {"quarter": {"share": 0.25}},
}


def table_file(text: str, name: str = "numbers.csv") -> TemporaryUploadedFile:
    file = TemporaryUploadedFile(name, "text/csv", len(text), "utf-8")
    file.write(text.encode())
    file.seek(0)
    return file


def numbers(count: int) -> str:
    return "x\n" + "\n".join(map(str, range(count))) + "\n"


def sent_file(text: str) -> ContentFile[bytes]:
    return ContentFile(text.encode(), name="rows.csv")


def edit(team: Team, pipeline: Pipeline, document: dict[str, Any]) -> None:
    documents.replace(
        pipeline, documents.sound_document({"name": "Halves", **document}), team.people["editor"], repository.read_draft(pipeline.pk)[0]
    )


@pytest.fixture
def pipeline(team: Team) -> Pipeline:
    datasets.upload(team.workspace, team.people["editor"], table_file(numbers(4)), "numbers")
    return documents.make(team.workspace, team.people["editor"], "Halves", documents.sound_document(DOCUMENT))


def publish(team: Team, pipeline: Pipeline, who: str = "editor", **more: Any) -> Any:
    asked = {"name": "halves", "pipeline": pipeline.pk, **more}
    return team.client(who).post("/api/published/", asked, format="json")


@pytest.fixture
def published(team: Team, pipeline: Pipeline) -> str:
    results = [{"output": "half.first", "name": "first", "save_as": "first_rows"}, {"output": "half.second", "name": "second"}]
    answer = publish(team, pipeline, results=results)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])
