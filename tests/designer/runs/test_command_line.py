"""The lines of the command, and what it makes of its arguments."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from designer.runs.command_line import UsageError, read_document, report_lines, step_line, with_settings
from pipelines import flow
from tests.designer.runs.test_views import GRAPH


@pytest.mark.parametrize(
    ("text", "value"), [("0.7", 0.7), ("true", True), ("null", None), ('["a"]', ["a"]), ("rows", "rows"), ("a=b", "a=b"), ('"7"', "7")]
)
def test_a_value_is_json_or_the_text_itself(text: str, value: Any) -> None:
    assert with_settings(flow.read(GRAPH), [f"split.fraction={text}"]).nodes["split"].params["fraction"] == value


@pytest.mark.parametrize("setting", ["split", "split.fraction", "fraction=1", "split.=1", ".fraction=1", "nowhere.fraction=1"])
def test_a_setting_of_another_form_or_of_no_node_is_a_mistake(setting: str) -> None:
    with pytest.raises(UsageError, match=setting.replace(".", r"\.")):
        with_settings(flow.read(GRAPH), [setting])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nodes": {"a": 1}}', "[" * 5000, "\xff"])
def test_a_file_that_is_no_document_is_a_mistake(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match=r"bad\.json"):
        read_document(str(file))


def test_a_node_that_is_there_twice_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_text('{"nodes": {"a": {"module": "data.dataset"}, "a": {"module": "data.dataset"}}}')
    with pytest.raises(UsageError, match="the key “a” twice in one object"):
        read_document(str(file))


def test_no_file_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_document(str(tmp_path / "none.json"))


def test_lines() -> None:
    assert step_line({"type": "step", "node": "a", "step": {"state": "running"}}) is None
    assert step_line({"type": "step", "node": "a", "step": {"state": "done", "reused": True, "seconds": 0.0}}) == "   reused    0.000 s  a"
    failed = {"type": "step", "node": "a", "step": {"state": "failed", "seconds": 1.5, "error": {"words": "No."}}}
    assert step_line(failed) == "   failed    1.500 s  a  No."
    assert report_lines({"e.report": [{"name": "M", "metrics": {"r2": 0.5}}]})[1:] == ["e.report: M", "  r2                           0.5"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "arguments", "words"),
    [
        ({}, ("--set", "nowhere.fraction=1"), "no node nowhere"),
        ({}, ("--preset", "most"), "no preset “most”; it has none"),
        ({"nodes": {"split": GRAPH["nodes"]["split"]}, "edges": []}, (), "needs a table"),
    ],
)
def test_a_mistake_ends_with_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: Any, arguments: Any, words: str) -> None:
    monkeypatch.setattr("designer.runs.management.commands.run.call_command", lambda *_, **__: None)  # the database is prepared
    (file := tmp_path / "doc.json").write_text(json.dumps({**GRAPH, **changed}))
    said = io.StringIO()
    with pytest.raises(SystemExit, match="2"):
        call_command("run", str(file), *arguments, stderr=said)
    assert words in said.getvalue()
