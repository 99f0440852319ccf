"""One command starts a whole installation, minds it, and leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from designer.site.child import STEADY_SECONDS, Child
from designer.site.supervisor import StartError, Supervisor
from pipelines.procfs import is_alive
from tests.support.installation import ROOT, wait_until
from tests.support.ports import free_port


def slow(test):
    """Starts a whole installation."""
    return pytest.mark.processes(pytest.mark.slow(test))


def living_in(home):
    """The processes whose environment names a home, and their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and f"EASEL_HOME={home}".encode() in (entry / "environ").read_bytes() and is_alive(int(entry.name)):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def supervise(home, port, **env):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    command = [sys.executable, "-m", "designer.site.supervisor", "--port", str(port), "--no-browser", "--concurrency", "1"]
    return subprocess.Popen(
        command, cwd=ROOT, env={**kept, "EASEL_HOME": str(home), **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def health(port):
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
        return answer.status == 200
    return False


@slow
def test_it_starts_all_mends_what_falls_and_ends_all(tmp_path):
    port = free_port()
    supervisor = supervise(tmp_path, port)
    try:
        lines = [next(line for line in supervisor.stdout if "http://" in line)]
        assert f"http://127.0.0.1:{port}/" in lines[0]
        assert health(port)
        assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("easel.sqlite3*")} == {0o600}
        web = next(pid for pid, command in living_in(tmp_path).items() if "designer.site.server" in command)
        os.kill(web, signal.SIGKILL)
        wait_until(lambda: not is_alive(web))
        wait_until(lambda: health(port))
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(15) == 0
        assert living_in(tmp_path) == {}
    finally:
        end(supervisor, tmp_path)


@slow
def test_even_killed_it_takes_its_processes_along(tmp_path):
    supervisor = supervise(tmp_path, free_port())
    try:
        next(line for line in supervisor.stdout if "http://" in line)
        supervisor.kill()
        supervisor.wait()
        wait_until(lambda: not living_in(tmp_path), 30)
    finally:
        end(supervisor, tmp_path)


@slow
def test_a_port_in_use_is_said_at_once_and_nothing_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        supervisor = supervise(tmp_path, taken.getsockname()[1])
        said = supervisor.communicate(timeout=15)[1]
    assert supervisor.returncode == 1
    assert "is in use" in said and "PORT=" in said
    assert living_in(tmp_path) == {}


@slow
def test_a_second_one_on_the_same_home_is_refused_and_the_first_goes_on(tmp_path):
    port = free_port()
    first = supervise(tmp_path, port)
    try:
        next(line for line in first.stdout if "http://" in line)
        second = supervise(tmp_path, free_port())
        said = second.communicate(timeout=15)[1]
        assert second.returncode == 1
        where = f"{tmp_path} is in use by an Easel on port {port} (process {first.pid})."
        assert said.strip() == f"Easel cannot start: {where} Stop it, or set EASEL_HOME to another folder."
        assert health(port)
    finally:
        end(first, tmp_path)


@slow
def test_a_broker_that_is_away_is_said_at_the_start(tmp_path):
    supervisor = supervise(tmp_path, free_port(), EASEL_BROKER_URL="redis://127.0.0.1:1/0")
    try:
        next(line for line in supervisor.stdout if "http://" in line)
        said = next(line for line in supervisor.stderr if "Not ready" in line)
        assert said.strip() == "Not ready: The broker cannot be reached; runs start late."
    finally:
        end(supervisor, tmp_path)


@pytest.mark.slow
def test_what_falls_again_and_again_is_started_later_and_later_and_said():
    child = Child("web", [sys.executable, "-c", "import os; os.abort()"], os.environ)
    now, waits, said = time.monotonic(), [], []
    child.start()
    for _ in range(9):
        child.process.wait()
        said.append(child.mind(now := now + 0.1))
        waits.append(round(child.restart_at - now, 3))
        assert child.mind(child.restart_at - 0.01) is None and child.has_fallen(), "not before its time"
        now = child.restart_at
        assert child.mind(now) is None
        child.started_at = now
    child.process.wait()
    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert said[0] == "The web stopped unexpectedly (SIGABRT); it is restarted."
    assert said[3] == (
        "The web stopped unexpectedly (SIGABRT); it is restarted in 4 s. It stopped 4 times soon after its start; see the lines above."
    )


def test_what_lived_for_a_while_is_started_at_once():
    child = Child("web", ["true"], os.environ, falls=7)
    child.start()
    child.process.wait()
    now = child.started_at + STEADY_SECONDS
    child.mind(now)
    assert (child.falls, child.restart_at) == (1, now)


@pytest.fixture
def web(monkeypatch):
    """Starts a program in place of the web server; returns the link that it gives, and the process."""

    def start(program):
        monkeypatch.setattr(Supervisor, "_web", lambda self: [sys.executable, "-c", program])
        supervisor = Supervisor(8000, False, 1)
        child = Child("web", supervisor._web(), os.environ)
        try:
            return supervisor._prepare(child), child
        finally:
            child.process.wait()
            supervisor._stop_all()

    return start


def test_the_web_server_prepares_the_installation_once(web):
    link, child = web(
        "import pathlib, sys; (aside := pathlib.Path(sys.argv[2] + '.part')).write_text(sys.argv[1]); aside.rename(sys.argv[2])"
    )
    assert link == "--prepare" and "--prepare" not in child.command


def test_an_installation_that_cannot_be_prepared_is_said(web):
    with pytest.raises(StartError, match="could not be prepared"):
        web("raise SystemExit(1)")


def end(supervisor, home):
    for pid in [supervisor.pid, *living_in(home)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    supervisor.communicate()
