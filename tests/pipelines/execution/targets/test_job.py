"""The inside, tried without walls."""

import json
import os
import subprocess
import sys

import msgspec
import pytest

from pipelines.execution.store import Damaged
from pipelines.execution.targets.job import Messenger, OutputFolder
from pipelines.execution.targets.job_folder import job_folder
from pipelines.execution.targets.messages import MOST_NOTES, Done
from tests.pipelines.execution.targets.jobs import job, script
from tests.support.module_runner import ROOT


def do(one, change=None):
    """Carry a job out in a process: its messages, and what it printed otherwise."""
    with job_folder(one) as folder:
        if change:
            (folder / "job.json").write_text(json.dumps(change(json.loads((folder / "job.json").read_text()))))
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.execution.targets.job", folder], cwd=ROOT, capture_output=True, text=True, check=True
        )
        *said, end = map(json.loads, done.stdout.splitlines())
        return said, end, done.stderr, sorted(file.name for file in (folder / "outputs").iterdir())


@pytest.mark.processes
def test_a_job_says_what_it_does_and_leaves_files(tmp_path):
    said, end, printed, files = do(
        script(tmp_path, "import os\ndef main(t):\n    print('hello')\n    os.write(1, b'raw')\n    return t.sum()")
    )
    assert said == [{"type": "note", "line": "hello", "level": "info"}]
    assert end["type"] == "done"
    assert files == sorted(output["digest"] for output in end["outputs"].values())
    assert printed == "raw"  # what does not go through Python does not mix with messages


@pytest.mark.processes
def test_a_refusal_is_told(tmp_path):
    _, end, _, files = do(job(tmp_path, "transform.sql", {"query": "select zz from t1"}))
    assert (end["type"], end["problem"]["code"], files) == ("failed", "wrong_query", [])


@pytest.mark.processes
def test_a_module_that_is_not_known_there(tmp_path):
    _, end, _, _ = do(job(tmp_path), lambda order: order | {"step": order["step"] | {"module": "script.nothing"}})
    assert end["problem"]["code"] == "unknown_module" and end["problem"]["remedy"]


@pytest.mark.processes
def test_limits_are_set_before_anything_of_the_module_runs(tmp_path):
    code = "import resource\ndef main(t):\n    print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE))\n    return t"
    said, _, _, _ = do(script(tmp_path, code))
    assert said[0]["line"] == f"({1024**3}, {1024**3}) (1, 1)"


def test_a_tray_has_inputs_by_digest_and_outputs_by_name(tmp_path):
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "ab").write_text("x")
    tray = OutputFolder(tmp_path)
    assert tray.path("ab").read_text() == "x"
    with pytest.raises(Damaged):
        tray.path("cd")
    file = tray.scratch()
    file.parent.mkdir()
    file.write_text("xyz")
    name, size = tray.keep(file)
    assert (tmp_path / "outputs" / name).read_text() == "xyz" and size == 3
    assert not file.exists()


def test_a_teller_stops_when_the_log_is_full():
    read, write = os.pipe()
    with os.fdopen(read) as heard:
        teller = Messenger(write)
        for _ in range(20):
            teller.log("a" * 3000, "info")
        os.close(write)
        assert [len(json.loads(line)["line"]) for line in heard] == [2000] * 20
    null = os.open(os.devnull, os.O_WRONLY)
    teller = Messenger(null)
    sent = []
    teller.send = sent.append
    for number in range(MOST_NOTES + 10):
        teller.log(str(number), "info")
    os.close(null)
    assert len(sent) == MOST_NOTES + 1


def test_messages_are_lines():
    assert b"\n" not in msgspec.json.encode(Done({}))
