"""A run that trained a line, and registering of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile

from designer.registry import tasks
from pipelines import flow
from pipelines.catalogue import isolation
from pipelines.catalogue.errors import ModuleError
from pipelines.exchange import job
from pipelines.exchange.order import Ended, Fault, Order
from pipelines.models import Run
from pipelines.runtime import exchange
from tests.designer.conftest import Team
from tests.designer.datasets.test_saving import TRAINED, WIRES, of_nodes


def trained(team: Team, slope: int = 2) -> Run:
    """A run whose model is a line with a slope."""
    rows = "a,y\n" + "\n".join(f"{number},{slope * number + 1}" for number in range(20))
    return of_nodes(team, {**TRAINED, "data": ("data.enter_data", {"text": rows})}, *WIRES)


def register(team: Team, run: Run, name: str = "line", who: str = "editor", **more: Any) -> Any:
    body = {"run": run.pk, "node": "train", "port": "model", "name": name, **more}
    return team.client(who).post("/api/models/", body, format="json")


@pytest.fixture
def two(team: Team) -> str:
    """A model with two versions; its id."""
    made = register(team, trained(team))
    assert register(team, trained(team, 3)).json()["version"] == 2
    return str(made.json()["id"])


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are worked on at once, and errands in this process, which takes no seconds to start; tests/pipelines/runtime/test_exchange.py has the sandbox."""

    def here(program: str, folder: Path, limits: Any) -> bytes:
        monkeypatch.setattr(isolation, "_isolated", True)
        try:
            ended = job._done(msgspec.json.decode((folder / "order.json").read_bytes(), type=Order), folder)
        except ModuleError as wrong:
            ended = Ended(fault=Fault(wrong.code, wrong.words, wrong.remedy or "", wrong.param or "", wrong.column or ""))
        finally:
            monkeypatch.setattr(isolation, "_isolated", False)
        return msgspec.json.encode(ended)

    work = {tasks.IMPORT_TASK: tasks.read_import, tasks.ONNX_TASK: tasks.write_onnx}
    monkeypatch.setattr(exchange, "run_errand", here)
    monkeypatch.setattr(flow, "send", lambda task, subject, delay=0.0: work[task](subject))


def upload(team: Team, content: bytes, name: str = "bought", who: str = "editor", file_name: str = "model.skops", **fields: Any) -> Any:
    """Import a file by REST."""
    file = SimpleUploadedFile(file_name, content)
    body = {"file": file, "name": name, "workspace": team.workspace.pk, **fields}
    return team.client(who).post("/api/models/imports/", body, format="multipart")


def content_of(answer: Any) -> bytes:
    """The bytes of a download."""
    return b"".join(async_to_sync(_pieces)(answer.streaming_content))


async def _pieces(content: Any) -> list[bytes]:
    return [piece async for piece in content]
