"""Export over REST and by command: the script gives in an interpreter without Easel what the run gave."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command

from designer.datasets.samples import ensure_samples
from designer.documents import services
from designer.documents.samples import samples
from pipelines import flow
from tests.designer.conftest import Team
from tests.designer.execution import executed
from tests.designer.runs.test_views_outputs import whole
from tests.support.exports import compared, run_alone

TEXT = "city,price\nOslo,3\nRome,1\nOslo,2\nBonn,7\n"
GRAPH: dict[str, Any] = {
    "format": 1,
    "name": 'Prices & "more"',
    "nodes": {
        "data": {
            "module": "data.enter_data",
            "params": {"text": TEXT},
            "position": [0, 0],
            "title": "Prices",
            "comment": "Four rows.\nOf 2026.",
        },
        "few": {"module": "transform.filter_rows", "params": {"condition": "formula", "formula": "price > 1"}, "position": [0, 100]},
        "half": {"module": "transform.split_data", "params": {"fraction": {"$parameter": "share"}, "seed": 3}, "position": [0, 200]},
        "told": {"module": "statistics.summarize_data", "params": {}, "position": [0, 300]},
    },
    "edges": [["data.table", "few.table"], ["few.table", "half.table"], ["half.first", "told.table"]],
    "parameters": {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1, "help": "Share of the first part"}},
    "frames": [],
    "notes": [],
}


def archive(team: Team, address: str, **query: Any) -> zipfile.ZipFile:
    answer = team.client("viewer").get(address, {"with_data": "true", **query})
    assert answer.status_code == 200, answer.content
    return zipfile.ZipFile(io.BytesIO(async_to_sync(whole)(answer)))


@pytest.mark.processes
def test_a_script_gives_what_the_run_gave_also_with_another_value(team: Team, tmp_path: Path) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=GRAPH)
    held = archive(team, f"/api/pipelines/{pipeline.pk}/export/", format="script")
    held.extractall(tmp_path)
    (script,) = tmp_path.glob("*/*.py")
    text = script.read_text()
    assert "# Four rows.\n    # Of 2026.\n    prices = run(\n        'data', 'data.enter_data'," in text and "fraction=p.share" in text
    done, seen = run_alone(script, "--results-dir", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert not {"pipelines", "designer", "django", "celery"} & set(seen)
    found = compared(executed(team, pipeline=pipeline, document=GRAPH), tmp_path / "out")
    assert set(found.values()) == {"same"} and {"half.first", "told.table"} <= found.keys()

    done, _ = run_alone(script, "--results-dir", str(tmp_path / "other"), "--share", "0.25")
    assert (
        done.returncode == 0
        and (tmp_path / "other" / "half.first.parquet").read_bytes() != (tmp_path / "out" / "half.first.parquet").read_bytes()
    )
    # Also where Python reads and writes another encoding than UTF-8 by itself, as on Windows.
    command = [sys.executable, "-I", "-X", "utf8=0", str(script), "--share", "2"]
    done = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "argument --share: must be at most 1, not 2" in done.stderr


MODEL = """
import polars as pl
from sklearn.linear_model import Ridge


def main(first):
    print("fitted")
    return first.with_columns(twice=pl.col("price") * 2), easel.model(Ridge().fit(first.select("size"), first["price"]), first, label="price")
"""


@pytest.mark.processes
def test_code_in_nodes_runs_in_the_script_and_its_model_scores_there(team: Team, tmp_path: Path) -> None:
    nodes = {
        "data": {"module": "data.enter_data", "params": {"text": "size,price\n3,1\n1,4\n2,2.5\n"}, "position": [0, 0]},
        "code": {"module": "script.python", "params": {"code": MODEL}, "position": [0, 100]},
        "score": {"module": "scoring.score_model", "params": {}, "position": [0, 200]},
    }
    edges = [["data.table", "code.first"], ["code.model", "score.model"], ["code.first", "score.table"]]
    document = {**GRAPH, "nodes": nodes, "edges": edges, "parameters": {}}
    run = executed(team, pipeline=services.make(team.workspace, team.people["editor"], document=document), document=document)
    archive(team, f"/api/runs/{run.pk}/export/").extractall(tmp_path)
    (script,) = tmp_path.glob("*/*.py")
    done, seen = run_alone(script, "--results-dir", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "code: its code runs with the rights of the user of the script, without a sandbox." in " ".join(script.read_text().split())
    assert not {"pipelines", "designer", "django"} & set(seen)
    found = compared(run, tmp_path / "out")
    assert found["score.table"] == found["code.first"] == "same" and set(found.values()) == {"same"}


@pytest.mark.processes
@pytest.mark.parametrize("name", ["automobile_price", "feature_statistics"])
def test_a_sample_gives_the_same_figures_without_easel(team: Team, tmp_path: Path, name: str) -> None:
    ensure_samples()
    document = samples()[name].document
    pipeline = services.make(team.workspace, team.people["editor"], document=document)
    run = executed(team, pipeline=pipeline, document=document)
    archive(team, f"/api/runs/{run.pk}/export/").extractall(tmp_path)
    (script,) = tmp_path.glob("*/*.py")
    done, seen = run_alone(script, "--results-dir", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert not {"pipelines", "designer", "django"} & set(seen)
    found = compared(run, tmp_path / "out")
    assert set(found.values()) == {"same"} and len(found) >= 5


def test_a_notebook_has_a_cell_for_each_node_and_each_is_python(team: Team) -> None:
    pipeline = services.make(team.workspace, team.people["editor"], document=GRAPH)
    answer = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/export/", {"format": "notebook"})
    book = json.loads(async_to_sync(whole)(answer))
    cells = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(cells) == 2 + len(GRAPH["nodes"]) and all(ast.parse(cell) for cell in cells)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5) and len({cell["id"] for cell in book["cells"]}) == len(book["cells"])
    assert 'filename="prices_more.ipynb"' in answer.headers["Content-Disposition"]


@pytest.mark.processes
def test_the_cells_of_a_notebook_give_the_same(team: Team, tmp_path: Path) -> None:
    """Executed one after the other, as a kernel does."""
    book = json.loads(flow.exported(flow.read(GRAPH), scope=team.workspace.pk, datasets=None).notebook)  # type: ignore[arg-type]
    cells = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]
    file = tmp_path / "cells.py"
    file.write_text("\n".join([*cells, "print(split_data.first.frame.height, summarize_data.table.frame.height)"]))
    done, seen = run_alone(file)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split()[0] in ("1", "2") and not {"pipelines", "designer"} & set(seen)


def test_what_cannot_be_exported_is_listed_with_its_node_and_nothing_is_written(team: Team) -> None:
    nodes = {
        "data": GRAPH["nodes"]["data"],
        "scale": {
            "module": "transform.normalize",
            "params": {"columns": ["price"], "zero_for_constant": {"$parameter": "zero"}},
            "position": [0, 100],
        },
        "learner": {"module": "regression.linear_regression", "params": {}, "position": [200, 100]},
        "folds": {"module": "training.cross_validate", "params": {"label": "price"}, "position": [0, 200]},
    }
    edges = [["data.table", "scale.table"], ["scale.table", "folds.table"], ["learner.model", "folds.untrained"]]
    document = {**GRAPH, "nodes": nodes, "edges": edges, "parameters": {"zero": {"type": "boolean", "default": False}}}
    pipeline = services.make(team.workspace, team.people["editor"], document=document)
    answer = team.client("viewer").get(f"/api/pipelines/{pipeline.pk}/export/")
    assert answer.status_code == 422
    assert [(each["code"], each["node"]) for each in answer.json()["error"]["problems"]] == [("not_exported", "scale")]


def test_the_command_writes_the_same_script(team: Team, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "prices.json"
    file.write_text(json.dumps(GRAPH))
    call_command("export", str(file), script=tmp_path / "prices.py", notebook=None, data=tmp_path / "data")
    ast.parse((tmp_path / "prices.py").read_text())
    assert (tmp_path / "data").is_dir()
    with pytest.raises(SystemExit) as stopped:
        call_command("export", str(tmp_path / "none.json"), script=tmp_path / "none.py")
    assert stopped.value.code == 2 and "cannot be read" in capsys.readouterr().err
