"""`manage.py run` as people call it: a process of its own, with a home that does not exist yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.designer.runs.test_views import GRAPH

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "home"


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "EASEL_HOME": str(home), "DJANGO_SETTINGS_MODULE": "designer.config.settings"}
    command = [sys.executable, "manage.py", "run", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def document(folder: Path, **changed: Any) -> str:
    file = folder / "doc.json"
    file.write_text(json.dumps({**GRAPH, **changed}))
    return str(file)


def test_a_document_is_executed_and_then_reused(home: Path, tmp_path: Path) -> None:
    split = {**GRAPH["nodes"]["split"], "params": {"fraction": {"$parameter": "share"}}}
    declared = {"share": {"type": "number", "default": 0.5}}
    nodes = {**GRAPH["nodes"], "split": split, "open": GRAPH["nodes"]["split"]}
    file = document(tmp_path, nodes=nodes, parameters=declared, presets={"most": {"share": 0.75}})
    first = run(home, file)
    assert first.returncode == 0, first.stderr
    assert "data" in first.stdout and "The run is done." in first.stdout
    assert "open was left out: Split Data needs a table at Table." in first.stdout
    again = run(home, file, "--json", "--preset", "most")
    told = json.loads(again.stdout)
    assert told["parameters"] == {"share": {"value": 0.75, "source": "preset most"}}
    assert told["state"] == "done" and told["reports"] == {}
    assert told["steps"]["data"]["reused"] and not told["steps"]["split"]["reused"]


def test_a_step_that_fails_ends_with_one(home: Path, tmp_path: Path) -> None:
    nodes = {**GRAPH["nodes"], "fail": {"module": "trial.fail", "params": {}, "position": [0, 0]}}
    failed = run(home, document(tmp_path, nodes=nodes, edges=[*GRAPH["edges"], ["split.first", "fail.table"]]), "--json")
    assert failed.returncode == 1, failed.stderr
    told = json.loads(failed.stdout)
    assert told["state"] == "failed" and told["steps"]["fail"]["state"] == "failed"
