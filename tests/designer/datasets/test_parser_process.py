"""The child that reads uploads: its walls, its end, and what the API says when it fails."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from designer.datasets import ingest
from designer.datasets import parser_process as children
from designer.datasets.models import Dataset
from designer.datasets.parser_process import parse_in_child
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import Options
from tests.designer.datasets.conftest import Send
from tests.designer.datasets.parsing.broken import all_broken
from tests.designer.datasets.parsing.broken_archives import replaced, workbook

CSV = b"make,price\naudi,13950\n"


def test_reads_a_file(tmp_path: Path) -> None:
    file, out = tmp_path / "upload", tmp_path / "out"
    file.write_bytes(CSV)
    found = parse_in_child(file, "csv", out)
    assert (found["rows"], [column["dtype"] for column in found["columns"]]) == (1, ["String", "Int64"])
    assert sorted(left.name for left in tmp_path.iterdir()) == ["out", "upload"]


@pytest.fixture
def in_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "parse_in_child", parse_in_child)


@pytest.mark.slow
@pytest.mark.usefixtures("in_child")
def test_a_dozen_broken_files_through_the_api(send: Send, scratch: Callable[[], list[str]]) -> None:
    cases = all_broken()
    for case in [case for case in cases if case.name != "a.csv\n"][:: len(cases) // 12]:
        response = send(case.content or b"\n", case.name)
        assert response.status_code == 422, (case.what, response.content)
        error = response.json()["error"]
        assert error["words"] and error["remedy"] and error["code"]
        assert scratch() == []
    assert Dataset.objects.count() == 0


def test_a_sparse_workbook_meets_the_wall_of_memory(tmp_path: Path) -> None:
    """Two cells at the corners of a sheet make readers lay out seventeen thousand million cells."""
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + rows + b"</sheetData></worksheet>"
    file = tmp_path / "upload"
    file.write_bytes(replaced(workbook([["a"], [1]]), "xl/worksheets/sheet1.xml", sheet))
    assert zipfile.is_zipfile(BytesIO(file.read_bytes()))
    with pytest.raises(Unreadable) as refused:
        parse_in_child(file, "xlsx", tmp_path / "out")
    assert refused.value.words and refused.value.remedy


def test_patience_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "upload"
    file.write_bytes(CSV)
    started = time.monotonic()
    with pytest.raises(Unreadable, match=r"longer than 0\.05\xa0s"):
        parse_in_child(file, "csv", tmp_path / "out", patience=0.05)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("ending", "code"), [(signal.SIGKILL, "too_slow"), (signal.SIGXCPU, "too_slow"), (signal.SIGSEGV, "unreadable"), (0, "unreadable")]
)
def test_every_end_has_words(ending: int, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        children._result(b'{"progress": {"done": 1}}\nrubbish', -ending)
    assert refused.value.code == code


def test_a_broken_off_upload_leaves_nothing(send: Send, scratch: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def half(file: Path, format_: str, out: Path, options: Options) -> dict[str, Any]:
        out.write_bytes(b"half a table")
        out.with_name(out.name + ".parts").mkdir()
        raise Unreadable("too_slow", "Too slow.", "Less.")

    monkeypatch.setattr("designer.datasets.ingest.parse_in_child", half)
    assert send(CSV).status_code == 422
    assert scratch() == [] and Dataset.objects.count() == 0


@pytest.mark.processes
def test_the_child_dies_with_its_parent(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)  # the child waits for ever to read it
    command = [sys.executable, "-m", "designer.datasets.parsing", str(pipe), "csv", str(tmp_path / "out"), "{}"]
    start = (
        f"import subprocess, time; print(subprocess.Popen({command!r}, cwd={str(settings.BASE_DIR)!r}).pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        _wait_until(lambda: _waits(child, pipe))
        parent.kill()
    _wait_until(lambda: not _alive(child))


def _waits(pid: int, pipe: Path) -> bool:
    """Whether the child has come to opening the pipe: its limits are set before."""
    return "Max cpu time              600" in Path(f"/proc/{pid}/limits").read_text()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def _wait_until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about in ten seconds")
