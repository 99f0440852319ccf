"""One command starts a whole installation, minds it, and leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.process import is_alive
from tests.living import ROOT, wait_until

pytestmark = [pytest.mark.processes, pytest.mark.slow]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def living_in(home):
    """The processes whose environment names a home, and their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and f"EASEL_HOME={home}".encode() in (entry / "environ").read_bytes() and is_alive(int(entry.name)):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    return found


def supervise(home, port):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    command = [sys.executable, "-m", "designer.site.supervisor", "--port", str(port), "--no-browser", "--concurrency", "1"]
    return subprocess.Popen(
        command, cwd=ROOT, env={**kept, "EASEL_HOME": str(home)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def health(port):
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as answer:
        return answer.status == 200
    return False


def test_it_starts_all_mends_what_falls_and_ends_all(tmp_path):
    port = free_port()
    supervisor = supervise(tmp_path, port)
    try:
        lines = [next(line for line in supervisor.stdout if "http://" in line)]
        assert f"http://127.0.0.1:{port}/" in lines[0]
        assert health(port)
        web = next(pid for pid, command in living_in(tmp_path).items() if "uvicorn" in command)
        os.kill(web, signal.SIGKILL)
        wait_until(lambda: not is_alive(web))
        wait_until(lambda: health(port))
        supervisor.send_signal(signal.SIGINT)
        assert supervisor.wait(15) == 0
        assert living_in(tmp_path) == {}
    finally:
        end(supervisor, tmp_path)


def test_even_killed_it_takes_its_processes_along(tmp_path):
    supervisor = supervise(tmp_path, free_port())
    try:
        next(line for line in supervisor.stdout if "http://" in line)
        supervisor.kill()
        supervisor.wait()
        wait_until(lambda: not living_in(tmp_path), 15)
    finally:
        end(supervisor, tmp_path)


def test_a_port_in_use_is_said_at_once_and_nothing_is_started(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        supervisor = supervise(tmp_path, taken.getsockname()[1])
        said = supervisor.communicate(timeout=15)[1]
    assert supervisor.returncode == 1
    assert "is in use" in said and "PORT=" in said
    assert living_in(tmp_path) == {}


def end(supervisor, home):
    for pid in [supervisor.pid, *living_in(home)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    supervisor.communicate()
