"""Receiving a file: the disk may be full."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import TemporaryUploadedFile

from tests.designer.datasets.conftest import Send


def test_a_full_disk_is_told_in_words_and_nothing_stays(send: Send, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)

    def full(self: Any, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryUploadedFile, "write", full, raising=False)
    response = send(b"a,b\n1,2\n")
    assert response.status_code == 503
    error = response.json()["error"]
    assert error["code"] == "disk_full" and "disk" in error["words"] and error["remedy"]
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_when_the_table_is_kept(send: Send, scratch: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipelines.execution.store.LocalStore.keep", full)
    response = send(b"a,b\n1,2\n")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "disk_full")
    assert scratch() == []
