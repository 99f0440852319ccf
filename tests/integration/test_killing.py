"""Real processes are killed, stopped and starved in the middle of their work: every run ends right, and nothing counts twice."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.procfs import family, is_alive, name_of
from tests.support.graph_builder import TABLE, document
from tests.support.installation import Home, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]


@pytest.fixture(scope="module")
def home():
    with Home() as home:
        yield home


@pytest.fixture(scope="module")
def worker(home):
    return home.start_worker(concurrency=3)


def waiting(marks, seconds, **settings):
    """A table, a step that waits and leaves marks, and one that needs it."""
    wait = ("trial.wait", {"seconds": seconds, "ledger": str(marks.path), **settings})
    return document({"source": TABLE, "wait": wait, "after": "trial.pass_on"}, "source.table wait.table", "wait.table after.table")


def ended_once(run, seconds=30):
    """The run has ended well, and every step of it counted once."""
    look = run.ended(seconds)
    assert look["state"] == "done", look
    assert all(run.told(node).count("done") == 1 for node in look["steps"])
    assert run.result("after") == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 3, "b": "z"}]
    return look


def test_steps_whose_processes_are_killed_start_again(home, worker):
    marks = [home.marks(f"killed-{index}") for index in range(2)]
    runs = [home.run(waiting(mark, 2)) for mark in marks]
    for mark in marks:
        os.kill(mark.started(), signal.SIGKILL)
    for run, mark in zip(runs, marks, strict=True):
        look = ended_once(run)
        assert look["steps"]["wait"]["attempt"] == 2
        assert run.told("wait") == ["running", "ready", "running", "done"]
        assert mark.verbs() == ["start", "start", "end"]


def test_a_step_whose_process_is_killed_continues_at_its_checkpoint(home, worker):
    marks = home.marks("climb")
    climb = ("trial.climb", {"to": 30, "seconds": 0.1, "ledger": str(marks.path)})
    run = home.run(
        document({"source": TABLE, "wait": climb, "after": "trial.pass_on"}, "source.table wait.table", "wait.table after.table")
    )
    ((_, pid),) = wait_until(marks.read)
    time.sleep(1.5)
    os.kill(pid, signal.SIGKILL)
    ended_once(run)
    begun, again = marks.verbs()
    assert begun == "from-0" and 5 < int(again.removeprefix("from-")) < 30
    assert not list((home.folder / "home").rglob("checkpoint-*")), "it is deleted once the result is committed"


def test_a_step_that_kills_its_process_three_times_fails_with_a_sentence(home, worker):
    run = home.run(document({"source": TABLE, "die": ("trial.fail", {"how": "die"}), "after": "trial.pass_on"},
                            "source.table die.table", "die.table after.table"))  # fmt: skip
    look = run.ended()
    assert look["state"] == "failed"
    assert {node: step["state"] for node, step in look["steps"].items()} == {"source": "done", "die": "failed", "after": "skipped"}
    assert look["steps"]["die"]["error"]["code"] == "worker_lost"
    assert look["steps"]["die"]["error"]["words"].startswith("The worker stopped 3 times")
    assert look["steps"]["die"]["attempt"] == 3


def test_cancelling_reaches_a_running_step_within_five_seconds(home, worker):
    hearing, deaf = home.marks("hearing"), home.marks("deaf")
    runs = [home.run(waiting(hearing, 60)), home.run(waiting(deaf, 60, deaf=True))]
    pids = [hearing.started(), deaf.started()]
    for run in runs:
        run.cancel()
    asked = time.monotonic()
    looks = [run.ended(5 - (time.monotonic() - asked)) for run in runs]
    for look in looks:
        assert {node: step["state"] for node, step in look["steps"].items()} == {
            "source": "done",
            "wait": "cancelled",
            "after": "cancelled",
        }
    assert is_alive(pids[0]), "the process that listens is kept for other steps"
    assert not is_alive(pids[1]), "the deaf one is ended"
    assert hearing.verbs() == deaf.verbs() == ["start"]
    wait_until(lambda: len(worker.pids) == 4, 5)


def test_cancelling_ends_the_sandbox_of_a_script(home, worker):
    code = "import os, time\ndef main(t):\n    if not os.fork():\n        os.setsid()\n    while True:\n        time.sleep(1)"
    run = home.run(document({"source": TABLE, "script": ("script.python", {"code": code})}, "source.table script.first"))
    inside = wait_until(lambda: [pid for wall in worker.pids if name_of(wall) == "bwrap" for pid in family(wall, 20)][3:])
    run.cancel()
    assert run.ended(5)["steps"]["script"]["state"] == "cancelled"
    wait_until(lambda: not any(map(is_alive, inside)), 5)
    wait_until(lambda: len(worker.pids) == 4, 5)


def sockets(pid):
    """The sockets that a process holds."""
    names = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            names.append(str(entry.readlink()))
    return {name for name in names if name.startswith("socket:")}


def test_a_child_born_late_holds_no_connection_of_its_worker(home, worker):
    before = worker.pids
    os.kill(max(before), signal.SIGKILL)
    (born,) = wait_until(lambda: len(pids := worker.pids) == 4 and set(pids) - set(before))
    assert sockets(worker.process.pid)
    wait_until(lambda: not sockets(born) & sockets(worker.process.pid), 5)


def test_a_broker_that_comes_back_empty_loses_no_run(home, worker):
    blockers = [home.run(waiting(home.marks(f"blocker-{index}"), 4)) for index in range(3)]
    for index in range(3):
        home.marks(f"blocker-{index}").started()
    queued = [home.run(waiting(home.marks(f"queued-{index}"), 0.1)) for index in range(6)]
    home.broker.end(signal.SIGKILL)
    unheard = home.run(waiting(home.marks("unheard"), 0.1))
    home.start_broker()
    for run in [*blockers, *queued, unheard]:
        ended_once(run)
    assert worker.process.poll() is None


def test_a_broker_that_hangs_holds_nobody_up(home, worker):
    marks = home.marks("before")
    before = home.run(waiting(marks, 1))
    marks.started()
    home.broker.tell(signal.SIGSTOP)
    asked = time.monotonic()
    unheard = [home.run(waiting(home.marks(f"hung-{index}"), 0.1)) for index in range(3)]
    assert time.monotonic() - asked < 4, "the first waits for an answer, the others know"
    ended_once(before)
    home.broker.tell(signal.SIGCONT)
    for run in unheard:
        ended_once(run)


def test_a_worker_that_sleeps_beyond_its_lease_loses_its_step(home, worker):
    marks = home.marks("sleeper")
    run = home.run(waiting(marks, 3, deaf=True))  # says nothing, so that it does not sleep with the database's lock in its hands
    sleeper = marks.started()
    worker.tell(signal.SIGSTOP)
    second = home.start_worker(concurrency=1, name="two")
    try:
        before = ended_once(run)
        worker.tell(signal.SIGCONT)
        wait_until(lambda: name_of(sleeper) in ("easel idle", ""), 10)  # it came to the end of its step, or was stopped in it
        ended_once(home.run(waiting(home.marks("both-live"), 0.1)))
    finally:
        second.end()
    assert run.look() == before
    assert before["steps"]["wait"]["attempt"] == 2


def test_a_worker_killed_whole_takes_its_children_along_and_another_ends_the_run(home, worker):
    workers = [worker, home.start_worker(concurrency=2, name="three")]
    marks = home.marks("orphan")
    run = home.run(waiting(marks, 2))
    child = marks.started()
    (hit,) = [each for each in workers if child in each.pids]
    hit.kill()
    killed = time.monotonic()
    wait_until(lambda: not hit.pids, 2)
    assert not is_alive(child)
    look = ended_once(run, 32 - (time.monotonic() - killed))
    assert look["steps"]["wait"]["attempt"] == 2
    assert marks.verbs() == ["start", "start", "end"]


def test_what_fails_for_a_while_is_tried_again_by_itself(home, worker):
    tries = home.folder / "tries"
    execution = {"retries": 3, "backoff_seconds": 0.3}
    nodes = {"source": TABLE, "flaky": ("trial.flaky", {"failures": 2, "ledger": str(tries)}, execution), "after": "trial.pass_on"}
    run = home.run(document(nodes, "source.table flaky.table", "flaky.table after.table"))
    look = ended_once(run)
    assert run.told("flaky") == ["running", "ready", "running", "ready", "running", "done"]
    assert (look["steps"]["flaky"]["tries"], look["steps"]["flaky"]["attempt"]) == (2, 3)
    assert tries.read_text().count("try") == 3


def test_a_worker_told_to_end_with_all_its_children_loses_none_of_them(tmp_path):
    with Home(log=tmp_path / "log") as home:
        worker = home.start_worker(concurrency=2)
        marks = [home.marks(f"told-{index}") for index in range(2)]
        runs = [home.run(waiting(mark, 60 + index)) for index, mark in enumerate(marks)]
        for mark in marks:
            mark.started()
        worker.tell(signal.SIGTERM)  # as systemd tells a whole group
        wait_until(lambda: worker.process.poll() is not None, 10)
        assert [run.state("wait") for run in runs] == ["ready", "ready"]
    assert "WorkerLostError" not in (tmp_path / "log").read_text()


def test_a_worker_told_to_end_finishes_what_it_has_in_hand_and_takes_nothing_new():
    with Home(env={"EASEL_STOP_SECONDS": "60"}) as home:
        worker = home.start_worker(concurrency=2)
        marks = home.marks("in-hand")
        run = home.run(waiting(marks, 4))
        marks.started()
        worker.process.terminate()
        wait_until(lambda: worker.process.poll() is not None, 20)
        look = run.look()["steps"]
        assert (look["wait"]["state"], look["wait"]["attempt"], look["after"]["state"]) == ("done", 1, "ready")
        home.start_worker(concurrency=1, name="next")
        assert ended_once(run)["steps"]["wait"]["attempt"] == 1
        assert marks.verbs() == ["start", "end"]


def test_a_killed_child_is_a_line_of_the_log_and_no_trace(tmp_path):
    with Home(log=tmp_path / "log") as home:
        home.start_worker(concurrency=1)
        marks = home.marks("killed")
        run = home.run(waiting(marks, 1))
        os.kill(marks.started(), signal.SIGKILL)
        ended_once(run)
    said = (tmp_path / "log").read_text()
    assert "The process of the step stopped unexpectedly." in said and "WorkerLostError" in said
    assert "Traceback" not in said


def test_three_gentle_restarts_within_one_step_cost_it_nothing():
    with Home() as home:
        marks = home.marks("gentle")
        run = home.run(waiting(marks, 6))
        for times in range(1, 4):
            worker = home.start_worker(concurrency=1, name=f"gentle-{times}")
            marks.started(times)
            worker.process.terminate()
            assert worker.process.wait(10) == 0
            assert run.state("wait") == "ready"
        home.start_worker(concurrency=1, name="gentle-last")
        assert ended_once(run)["steps"]["wait"]["attempt"] == 4
