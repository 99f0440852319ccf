"""Limits hold real workers to what may be: runs at once, time and memory of a step."""

import os
import signal
import time

import pytest

from pipelines.procfs import is_alive, name_of
from tests.support.graph_builder import TABLE, document
from tests.support.installation import Home, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module", params=[False, True], ids=["one machine", "a team"])
def home(request):
    with Home(team=request.param) as home:
        home.start_worker(concurrency=3)
        yield home


def with_execution(module, params, **execution):
    """A table, a step that is carried out in a given way, and one that needs it."""
    drawn = document(
        {"source": TABLE, "step": (module, params), "after": "trial.pass_on"}, "source.table step.table", "step.table after.table"
    )
    drawn["nodes"]["step"]["execution"] = execution
    return drawn


@pytest.mark.parametrize("deaf", [False, True])
def test_a_step_over_its_time_is_ended_and_the_worker_goes_on(home, deaf):
    marks = home.marks(f"slow-{deaf}")
    it = home.run(with_execution("trial.wait", {"seconds": 60, "deaf": deaf, "ledger": str(marks.path)}, timeout_seconds=1), force=True)
    pid = marks.started()
    look = it.ended(10)
    error = look["steps"]["step"]["error"]
    assert (look["state"], error["code"]) == ("failed", "took_too_long")
    assert error["words"] == "The step exceeded its time limit of 1\u00a0s."
    assert look["steps"]["after"]["state"] == "skipped"
    if deaf:
        wait_until(lambda: not is_alive(pid), 10)
    assert marks.verbs() == ["start"]
    assert home.run(document({"source": TABLE})).ended(20)["state"] == "done"


def test_a_step_over_its_memory_fails_at_once_with_both_figures(home):
    it = home.run(with_execution("trial.hoard", {"megabytes": 400, "seconds": 8}, memory_mb=64), force=True)
    look = it.ended(20)
    step = look["steps"]["step"]
    assert (look["state"], step["error"]["code"], step["attempt"]) == ("failed", "out_of_memory", 1)
    assert "its limit is 64 MB" in step["error"]["words"]
    assert home.run(document({"source": TABLE})).ended(20)["state"] == "done"


def test_a_step_whose_process_is_killed_while_it_is_large_is_not_started_again(home):
    it = home.run(with_execution("trial.hoard", {"megabytes": 250, "seconds": 10}, memory_mb=256), force=True)
    wait_until(lambda: it.look()["steps"]["step"]["peak_bytes"])
    for pid in home.groups[-1].pids:
        if name_of(pid).startswith("step "):
            os.kill(pid, signal.SIGKILL)
    step = it.ended(20)["steps"]["step"]
    assert (step["error"]["code"], step["attempt"]) == ("out_of_memory", 1)
    assert step["error"]["words"].startswith("The worker stopped while this step used")


def test_runs_beyond_the_limit_wait_and_start_by_themselves(home):
    marks = home.marks("turns")
    waiting = document({"source": TABLE, "wait": ("trial.wait", {"seconds": 1, "ledger": str(marks.path)})}, "source.table wait.table")
    runs = [home.run(waiting, force=True, limits={"runs": 1}) for _ in range(4)]
    wait_until(lambda: runs[0].look()["state"] == "running")
    assert runs[3].look()["state"] == "waiting" and "limited to 1 concurrent run" in runs[3].look()["waiting_for"]
    looks = [run.ended(30) for run in runs]
    assert [look["state"] for look in looks] == ["done"] * 4
    assert marks.verbs() == ["start", "end"] * 4, "one at a time"
    assert [look["started_at"] for look in looks] == sorted(look["started_at"] for look in looks)


def taking(home, by, marker):
    """A run of three steps that each take their time, and when it was asked for."""
    steps = {f"wait{index}": ("trial.wait", {"seconds": 0.4 + marker / 1000}) for index in range(3)}
    drawn = document({"source": TABLE, **steps}, "source.table wait0.table", "wait0.table wait1.table", "wait1.table wait2.table")
    return home.run(drawn, force=True, by=by), time.monotonic()


def seconds(runs):
    """How long each took, from the asking to the end."""
    waits = {}
    while len(waits) < len(runs):
        waits |= {run.id: time.monotonic() - asked for run, asked in runs if run.id not in waits and run.look()["state"] == "done"}
        assert all(time.monotonic() - asked < 60 for _, asked in runs)
        time.sleep(0.05)  # those who are asked need the processor too
    return list(waits.values())


def test_nobody_waits_behind_all_of_somebody_elses_runs(home):
    before = max(seconds([taking(home, "Ben", 0)]))
    crowd = [taking(home, "Ada", 1) for _ in range(30)]
    wait_until(lambda: crowd[0][0].look()["state"] != "waiting")
    beside = seconds([taking(home, by, 2) for by in ("Ben", "Cleo", "Dan")])
    looks = [run.look()["state"] for run, _ in crowd]
    for run, _ in crowd:
        run.cancel()
    for run, _ in crowd:
        run.ended()
    after = max(seconds([taking(home, "Ben", 3)]))
    assert looks.count("done") < 10, "not after all of hers"
    assert max(beside) < 3 * max(before, after), (before, beside, after)  # the machine may be busier at one time than at another
