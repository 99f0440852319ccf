"""Steps in the sandbox: the same results, clear ends, and nothing left. What tries to get out is in tests/security."""

import os
import select
import subprocess
import sys
import threading
from dataclasses import replace
from textwrap import dedent

import pytest

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.execution.codecs import load, save
from pipelines.execution.output import Output
from pipelines.execution.step import Stopped, execute_step
from pipelines.execution.store import Damaged
from pipelines.execution.targets import sandbox, selection
from pipelines.execution.targets.sandbox import Sandbox, packages
from pipelines.graph.run_options import RunOptions
from pipelines.procfs import children, name_of
from tests.pipelines.execution.targets.jobs import FEW, FRAME, job, listener, scratch, script, stopped_once

pytestmark = pytest.mark.processes


@pytest.mark.parametrize(
    ("module", "settings"),
    [
        ("transform.sql", {"query": "select b, a + 1 as c from t1"}),
        ("transform.select_columns", {"columns": ["a"]}),
        ("regression.linear_regression", {}),
        ("trial.jot", {"text": "é"}),
    ],
)
def test_what_comes_out_is_what_the_worker_would_make(tmp_path, module, settings):
    one = job(tmp_path, module, settings)
    inputs = {port: [load(output, one.store) for output in outputs] for port, outputs in one.inputs.items()}
    here = execute_step(one.step, one.module, inputs, {}, one.store, listener())
    there = Sandbox().execute(one, listener())
    assert there.outputs == here.outputs
    assert there.values.keys() == here.values.keys()
    assert scratch(one) == []


def test_a_kind_needs_its_record_only_to_get_in_and_out(tmp_path):
    jot = job(tmp_path, "trial.jot", {"text": "one\ntwo"})
    note = Sandbox().execute(jot, listener()).outputs["note"]
    recite = job(tmp_path, "trial.recite", inputs=0)
    there = Sandbox().execute(replace(recite, inputs={"note": [note]}), listener())
    assert there.values["table"].frame["line"].to_list() == ["one", "two"]


def test_prints_arrive_and_datasets_too(tmp_path):
    one = script(tmp_path, "def main(t):\n    print(t['a'].sum())\n    return t")
    ear = listener()
    assert Sandbox().execute(one, ear).values["first"].frame.equals(FRAME)
    ear.log.assert_called_once_with("6", "info")


def test_a_refusal_has_its_place(tmp_path):
    problem = Sandbox().execute(script(tmp_path, "def main(t):\n    return 1 / 0"), listener()).problem
    assert (problem.code, problem.node, problem.param) == ("script_failed", "n0", "code")


def test_a_process_that_ends_by_itself_is_told_with_its_last_words(tmp_path):
    one = script(tmp_path, "import os\ndef main(t):\n    os.write(2, b'goodbye')\n    os.kill(os.getpid(), 9)")
    with pytest.raises(ModuleError) as caught:
        Sandbox().execute(one, listener())
    assert caught.value.code == "ended_early"
    assert "SIGKILL: goodbye" in caught.value.words
    assert scratch(one) == []


@pytest.mark.parametrize("said", ["memory allocation of 8589934592 bytes failed\\nnote: run with RUST_BACKTRACE=1", "std::bad_alloc"])
def test_a_library_that_ends_the_process_for_want_of_memory_is_told_as_such(tmp_path, said):
    one = script(tmp_path, f"import os\ndef main(t):\n    os.write(2, b'{said}')\n    os.abort()")
    with pytest.raises(ModuleError) as caught:
        Sandbox().execute(one, listener())
    assert caught.value.code == "out_of_memory" and "memory limit of 1 GB" in caught.value.words
    assert "raise the limit" in caught.value.remedy


def test_a_damaged_input_is_not_the_scripts_fault(tmp_path):
    one = script(tmp_path, "")
    one.store.path(one.inputs["first"][0].digest).write_bytes(b"flipped")
    with pytest.raises(Damaged):
        Sandbox().execute(one, listener())


def test_the_kernel_counts_its_processes_whoever_the_worker_is(tmp_path):
    code = """
    import os, resource, time
    def main(t):
        resource.setrlimit(resource.RLIMIT_NPROC, (40, 40))
        for number in range(60):
            if not os.fork():
                time.sleep(60)
    """
    problem = Sandbox().execute(script(tmp_path, dedent(code)), listener()).problem
    assert problem.words == "Line 6: BlockingIOError: [Errno 11] Resource temporarily unavailable."


def test_nobody_inside_is_root(tmp_path):
    ear = listener()
    Sandbox().execute(script(tmp_path, "import os\ndef main(t):\n    print(os.getresuid(), os.getgroups())\n    return t"), ear)
    user = 2_000_000_000 + os.getpid() if os.getuid() == 0 else 65534
    assert ear.log.call_args.args[0].startswith(f"({user}, {user}, {user})")


def test_a_stop_leaves_nothing(tmp_path):
    one = script(tmp_path, "import time\ndef main(t):\n    print('began')\n    time.sleep(60)", limits=FEW)
    ear, began = listener(), threading.Event()
    ear.log.side_effect = lambda *_: began.set()
    others = children(os.getpid())  # such as the warm sandbox of an earlier test, which ends when it is collected as garbage

    with stopped_once(began), pytest.raises(Stopped):
        Sandbox().execute(one, ear)
    assert not [pid for pid in children(os.getpid()) if pid not in others and name_of(pid) == "bwrap"]
    assert scratch(one) == []


def test_a_worker_that_is_killed_takes_the_sandbox_with_it(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.pipelines.execution.targets.jobs import script, listener\n"
        "from pipelines.execution.targets.sandbox import Sandbox\n"
        "ear = listener(); ear.log.side_effect = lambda line, level: print(line, flush=True)\n"
        "Sandbox().execute(script(Path(sys.argv[1]), 'import time\\ndef main(t):\\n    print(1)\\n    time.sleep(60)'), ear)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"1\n"
    (walls,) = children(worker.pid)
    inside = os.pidfd_open(children(walls)[0])
    worker.kill()
    worker.wait()
    try:
        assert select.select([inside], [], [], 5)[0], "the sandbox outlived its worker"
    finally:
        os.close(inside)


@pytest.mark.parametrize("reason", ["missing", "refused"])
def test_a_machine_that_cannot_make_a_sandbox_says_how_it_could(tmp_path, monkeypatch, reason):
    monkeypatch.setattr(sandbox, "_works", False)
    walls = ["no-such-program"] if reason == "missing" else ["/bin/sh", "-c", "echo no user namespaces >&2; exit 1"]
    monkeypatch.setattr(sandbox, "_walls", lambda _: walls)
    with pytest.raises(ModuleError) as caught:
        Sandbox().execute(script(tmp_path, ""), listener())
    assert caught.value.code == "no_sandbox"
    assert ("no-such-program" if reason == "missing" else "no user namespaces") in caught.value.words
    assert "apt-get install bubblewrap" in caught.value.remedy


def test_modules_of_further_packages_are_shown_inside():
    assert [place.name for _, place in packages()] == ["pipelines", "easel_modules"]
    assert all((root / "pyproject.toml").exists() for root, _ in packages())


def test_a_script_draws_and_gives_pandas_inside(tmp_path):
    code = """
    import matplotlib.pyplot as plt
    def main(t, params):
        totals = t.groupby(params["by"], as_index=False)["a"].sum()
        totals.plot.bar(x=params["by"], y="a")
        return totals, {"largest": totals["a"].max()}
    """
    settings = {"code": dedent(code), "tables": "pandas", "params": "by = b"}
    made = Sandbox().execute(job(tmp_path, settings=settings), listener())
    assert made.problem is None and made.values["first"].frame.to_dict(as_series=False) == {"b": ["x", "y", "z"], "a": [1, 2, 3]}
    report = made.values["report"]
    assert [block["type"] for block in report.blocks] == ["figures", "picture"] and report.metrics[0]["metrics"] == {"largest": 3.0}


FITTED = """
from sklearn.ensemble import RandomForestClassifier
class Mine(RandomForestClassifier): pass
def main(t):
    X = t.select("a")
    return easel.model(CLASS(3, random_state=1).fit(X, [0, 1, 1]), X, label="y")
"""


def test_a_scripts_model_is_scored_in_the_sandbox_alone(tmp_path):
    made = Sandbox().execute(script(tmp_path, FITTED.replace("CLASS", "RandomForestClassifier")), listener())
    assert made.problem is None, made
    kept = made.outputs["model"]
    assert kept.by_code and Output.from_json(kept.as_json()) == kept
    assert "model" not in made.values, "the worker loaded it"
    scoring = job(tmp_path, "scoring.score_model", inputs=0)
    scoring = replace(scoring, inputs={"model": [kept], "table": [save(Table(FRAME), scoring.store)]})
    scored = selection.execute(scoring, lambda: pytest.fail("the worker loads it"), lambda target: target.execute(scoring, listener()))
    assert next(iter(scored.values.values())).frame["Scored Labels"].to_list() == ["0", "1", "1"]
    forced = replace(scoring, step=replace(scoring.step, execution=RunOptions(target="worker")))
    assert selection.execute(forced, lambda: None, lambda _: None).problem.code == "needs_walls"


def test_a_model_of_an_own_class_is_refused_by_its_name(tmp_path):
    problem = Sandbox().execute(script(tmp_path, FITTED.replace("CLASS", "Mine")), listener()).problem
    assert (problem.code, problem.words) == (
        "untrusted_type",
        "The model contains types that Easel does not load from a file: script.Mine.",
    )
    assert problem.remedy
