"""The same code on PostgreSQL and Redis, with two workers as if on two machines."""

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.support.graph_builder import TABLE, document
from tests.support.installation import ROOT, Home

pytestmark = [pytest.mark.processes, pytest.mark.slow]
SAMPLE = ROOT / "designer" / "documents" / "samples" / "automobile_price.json"


@pytest.fixture(scope="module")
def home():
    with Home(team=True) as home:
        yield home


@pytest.fixture(scope="module")
def workers(home):
    return [home.start_worker(concurrency=1, name=name) for name in ("one", "two")]


def test_both_workers_share_a_fan_out(home, workers):
    marks = home.marks("fan")
    waits = {f"w{index}": ("trial.wait", {"seconds": 0.3 + index / 1000, "ledger": str(marks.path)}) for index in range(12)}
    nodes = {"source": TABLE, **waits, "all": "trial.gather"}
    run = home.run(document(nodes, *(f"source.table {node}.table" for node in waits), *(f"{node}.table all.tables" for node in waits)))
    assert run.ended()["state"] == "done"
    assert {os.getsid(pid) for _, pid in marks.read()} == {worker.process.pid for worker in workers}
    assert sorted(marks.verbs()) == ["end"] * 12 + ["start"] * 12
    assert all(run.told(node) == ["running", "done"] for node in nodes)
    assert len(run.result("all")) == 36


def test_a_sample_pipeline_is_carried_out_and_the_same_again_is_reused(home, workers):
    pipeline = json.loads(SAMPLE.read_text())
    first = home.run(pipeline)
    look = first.ended()
    assert look["state"] == "done", look
    report = next(step["outputs"]["report"] for step in look["steps"].values() if "report" in step["outputs"])
    assert report["kind"] == "report"
    again = home.run(pipeline).ended()
    assert all(step["reused"] and step["why"].startswith("Nothing it depends on changed") for step in again["steps"].values())


def test_a_failure_and_a_cancel_end_as_on_one_machine(home, workers):
    broken = home.run(
        document({"source": TABLE, "fail": "trial.fail", "after": "trial.pass_on"}, "source.table fail.table", "fail.table after.table")
    )
    marks = home.marks("cancelled")
    long = home.run(
        document({"source": TABLE, "wait": ("trial.wait", {"seconds": 60, "ledger": str(marks.path)})}, "source.table wait.table")
    )
    marks.started()
    long.cancel()
    assert long.ended(5)["state"] == "cancelled"
    assert broken.ended()["state"] == "failed"
    assert broken.told("after") == ["skipped"]


def test_runs_of_a_sweep_execute_a_shared_step_once_also_when_its_process_is_killed(home, workers):
    """Two workers come to the same step of three runs at once; PostgreSQL's lock lets one of them begin it."""
    marks = home.marks("sweep")
    nodes = {
        "source": TABLE,
        "wait": ("trial.wait", {"seconds": 3, "ledger": str(marks.path)}),
        "split": ("transform.split_data", {"fraction": {"$parameter": "share"}}),
    }
    share = {"share": {"type": "number", "default": 0.5, "min": 0, "max": 1}}
    drawn = {**document(nodes, "source.table wait.table", "wait.table split.table"), "parameters": share}
    runs = home.sweep(drawn, {"share": [0.2, 0.5, 0.8]})
    os.kill(marks.started(), signal.SIGKILL)
    looks = [run.ended() for run in runs]
    assert [look["state"] for look in looks] == ["done"] * 3
    assert marks.verbs() == ["start", "start", "end"], "it is executed again once, where it was killed or in another run"
    assert [look["steps"]["wait"]["reused"] for look in looks].count(False) == 1
    assert sum(run.told("wait").count("done") for run in runs) == 3


def test_the_ledger_works_on_postgresql(home):
    """The engine's own database tests, once more on PostgreSQL, and those of what locks rows in the web's tables. That steps in processes write is shown above."""
    runtime, names = (
        ROOT / "tests" / "pipelines" / "runtime",
        (
            "ledger/test_ledger*",
            "ledger/test_fans",
            "ledger/test_sql",
            "test_sweeps",
            "worker/test_tasks*",
            "worker/test_strategies",
            "worker/test_heartbeat*",
        ),
    )
    models = ROOT / "tests" / "pipelines" / "models"
    files = [
        models / "test_runs.py",
        models / "test_environments.py",
        *(file for name in names for file in sorted(runtime.glob(f"{name}.py"))),
    ]
    web = ("endpoints/test_samples.py", "endpoints/test_truth.py", "notices/test_services.py", "schedules/test_scheduler.py")
    files += [ROOT / "tests" / "designer" / name for name in web]
    assert len(files) >= 15 and all(file.exists() for file in files)
    env = {**os.environ, "EASEL_TEST_KEEPS": "EASEL_DATABASE_URL", "EASEL_DATABASE_URL": home.env["EASEL_DATABASE_URL"]}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "not processes", *files], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:]
