"""Reading takes place in an isolated process; these tests read files that they made themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.catalogue import isolation
from pipelines.catalogue.ports import Model
from pipelines.exchange.asked import Asked, Imported
from pipelines.exchange.reading import read_model
from pipelines.kinds.model import load_model

Read = Callable[..., tuple[Imported, Model]]


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_isolated", True)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a file as a model: what is known of it, and the model as it is stored."""

    def reading(content: bytes, **asked: Any) -> tuple[Imported, Model]:
        (tmp_path / "file").write_bytes(content)
        into, out = tmp_path / "into", tmp_path / "out"
        into.mkdir(exist_ok=True)
        found = read_model(tmp_path / "file", Asked(**asked), into, out)
        model = load_model(out)
        assert isinstance(model, Model)
        return found, model

    return reading
