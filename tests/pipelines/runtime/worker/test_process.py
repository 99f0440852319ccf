"""A process as the book knows it: its signature, its title, and how it hears that it should stop."""

import importlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipelines.execution.step import Stopped
from pipelines.procfs import is_alive
from pipelines.runtime.worker import process
from pipelines.runtime.worker.process import STOP, handle_stop, is_working_on, owner, title, worker, working_on
from tests.support.installation import wait_until


@pytest.fixture
def listening():
    before = signal.signal(STOP, handle_stop)
    yield
    signal.signal(STOP, before)


def test_a_process_signs_with_its_worker_and_id():
    assert owner() == f"{worker()}.{os.getpid()}"


def test_the_system_shows_which_step_is_worked_on():
    with working_on(123):
        assert is_working_on(os.getpid(), 123)
        assert not is_working_on(os.getpid(), 12)
    assert not is_working_on(os.getpid(), 123)


def test_even_a_large_number_fits_the_title():
    assert title(2**33) == title(2**33)[:15]
    with working_on(10**12):
        assert is_working_on(os.getpid(), 10**12)


def test_a_process_that_is_gone_works_on_nothing():
    assert not is_working_on(2**22 + 1, 1)


def test_stop_interrupts_the_work(listening):
    with pytest.raises(Stopped), working_on(1):
        os.kill(os.getpid(), STOP)
        time.sleep(5)


def test_stop_interrupts_nothing_else(listening):
    with working_on(1):
        pass
    os.kill(os.getpid(), STOP)
    with working_on(2):
        assert is_working_on(os.getpid(), 2)


def test_stop_interrupts_once_so_that_what_follows_is_in_peace(listening):
    with working_on(1):
        with pytest.raises(Stopped):
            handle_stop(STOP, None)
        handle_stop(STOP, None)


def test_stop_lets_an_import_end_first(listening, tmp_path, monkeypatch):
    (tmp_path / "slow_library.py").write_text("import time\nbegun = True\ntime.sleep(0.3)\nready = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Stopped), working_on(1):
        threading.Timer(0.1, os.kill, (os.getpid(), STOP)).start()
        importlib.import_module("slow_library")
        time.sleep(5)
    assert sys.modules["slow_library"].ready


def test_a_stop_that_waits_for_an_import_is_over_with_its_step(listening, tmp_path, monkeypatch):
    (tmp_path / "told_library.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGUSR2)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with working_on(1):
        importlib.import_module("told_library")
    with working_on(2):
        time.sleep(0.1)


def test_a_child_dies_with_its_parent(tmp_path):
    pid = tmp_path / "pid"
    child = f"from pipelines.runtime.worker.process import become_child; import os, pathlib, time; become_child(); pathlib.Path({str(pid)!r}).write_text(str(os.getpid())); time.sleep(60)"
    parent = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", parent], cwd=Path(__file__).parents[4])
    found = int(wait_until(lambda: pid.exists() and pid.read_text()))
    assert is_alive(found)
    process.kill()
    process.wait()
    wait_until(lambda: not is_alive(found), 5)


TOLD = """
import os, signal, sys, time
from pipelines.execution.step import Stopped
from pipelines.runtime.worker.process import commits_protected, is_ending, working_on
def told(): os.kill(os.getpid(), signal.SIGTERM)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("with commits_protected():\n told(); print('closes its book', is_ending())\n", "closes its book True\n"),
        ("with commits_protected():\n try:\n  with working_on(1): told()\n except Stopped: print('gives the step back')\n",
         "gives the step back\n"),
    ],
    ids=["with an open book", "in a step"],
)  # fmt: skip
def test_a_child_that_is_told_to_end_leaves_nothing_half_done(code, says):
    after = "print('tells the pool', flush=True)\ntime.sleep(60)"
    done = subprocess.run([sys.executable, "-c", TOLD + code + after], capture_output=True, text=True, check=False, timeout=30)
    assert (done.stdout, done.returncode) == (says + "tells the pool\n", -signal.SIGTERM), done.stderr


def test_a_worker_that_leaves_is_seen_to_by_its_children_and_by_no_other_worker(monkeypatch):
    monkeypatch.setattr(process, "_leaving", process._leaving)
    process.begin_worker()
    if (child := os.fork()) == 0:
        process.begin_shutdown()
        os._exit(0)
    os.waitpid(child, 0)
    assert process.is_ending(), "told in one process, seen in another"
    process.begin_worker()
    assert not process.is_ending()
