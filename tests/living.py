"""A whole installation for a test, of real processes on a home and sockets of its own; when it ends, nothing of it is left."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import uuid4

from designer.site.supervisor import _broker
from pipelines.process import is_alive

ROOT = Path(__file__).parents[1]
PATIENCE = 30.0
ENDED = ("done", "failed", "cancelled")
HAND = "import django; django.setup(); from tests.hand import serve; serve()"
T = TypeVar("T")


def wait_until(what: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What a call returns, as soon as that is true."""
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, f"not within {seconds} s; now: {found!r}"
        time.sleep(0.05)
    return found


class Group:
    """A process in a session of its own, with all that it starts."""

    def __init__(self, command: Sequence[str | Path], env: Mapping[str, str], **how: Any) -> None:
        self.process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=env, start_new_session=True, **how)

    @property
    def pids(self) -> list[int]:
        """Those of the group that live."""
        found = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
        return [pid for pid in found if is_alive(pid) and self._is_ours(pid)]

    def _is_ours(self, pid: int) -> bool:
        with suppress(ProcessLookupError):
            return os.getsid(pid) == self.process.pid
        return False

    def tell(self, number: int) -> None:
        """Signal the whole group."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """Kill the main process alone, as the system does when memory runs out."""
        self.process.kill()
        self.process.wait()

    def end(self, number: int = signal.SIGTERM) -> None:
        """End all of it, gently if it listens."""
        self.tell(signal.SIGCONT)
        if self.process.poll() is None:
            self.process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        self.tell(signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not self.pids, 5)


class Home:
    """Database, broker and store of an installation, and the processes a test asks for.

    Args:
        team: PostgreSQL and a Redis on a port, in place of SQLite and a private socket.
    """

    def __init__(self, team: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="easel-living-"))
        self.folder.chmod(0o755)
        self.scope = uuid4().hex
        self._groups: list[Group] = []
        self._broker = redis_on_a_port(self.folder) if team else embedded_broker(self.folder)
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "designer.config.settings",
            "EASEL_HOME": str(self.folder / "home"),
            "EASEL_MODULES": "tests.easel_modules",
            "EASEL_BROKER_URL": self._broker.url,
            "EASEL_CHANNEL_URL": self._broker.channel,
            "OMP_NUM_THREADS": "1",
        }
        if team:
            self.env["EASEL_DATABASE_URL"] = self._start_postgres()

    def __enter__(self) -> Self:
        try:
            self.start_broker()
            self._hand = self._start([sys.executable, "-c", HAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            assert self._answer() == "ready"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for group in reversed(self._groups):
            group.end(signal.SIGINT if group is getattr(self, "_postgres", None) else signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, command: Sequence[str | Path], **how: Any) -> Group:
        group = Group(command, self.env, **how)
        self._groups.append(group)
        return group

    # Processes

    def start_broker(self) -> Group:
        """Start the broker, empty."""
        self.broker = self._start(self._broker.command, stdout=subprocess.DEVNULL)
        wait_until(self._broker.answers)
        return self.broker

    def start_worker(self, concurrency: int = 2, name: str = "one") -> Group:
        """Start a Celery worker as the supervisor does; returns when its children wait for work."""
        worker = self._start(
            [sys.executable, "-m", "celery", "-A", "designer.config.celery", "worker", "--concurrency", str(concurrency), "--loglevel", "warning",
             "--without-gossip", "--without-mingle", "--hostname", f"{name}@%h"]
        )  # fmt: skip
        wait_until(lambda: len(worker.pids) > concurrency)
        return worker

    def _start_postgres(self) -> str:
        bin, data, sockets = _postgres_bin(), self.folder / "data", self.folder / "sockets"
        sockets.mkdir()
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(self.folder, "postgres")
            shutil.chown(sockets, "postgres")
            user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        subprocess.run([bin / "initdb", "-D", data, "-U", "easel", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **user)  # fmt: skip
        quiet = ("fsync=off", "listen_addresses=", f"unix_socket_directories={sockets}", "log_min_messages=fatal")
        self._postgres = self._start(
            [bin / "postgres", "-D", data, *(part for one in quiet for part in ("-c", one))], stderr=subprocess.DEVNULL, **user
        )
        wait_until(lambda: subprocess.run([bin / "pg_isready", "-q", "-h", sockets], check=False).returncode == 0)
        return f"postgres://easel@{quote(str(sockets), safe='')}/postgres"

    # Runs

    def _answer(self) -> Any:
        line = self._hand.process.stdout.readline()
        assert line, "the helper process ended; its trace is above"
        return json.loads(line)

    def ask(self, verb: str, **arguments: Any) -> Any:
        """Have the helper process do something; see hand.py."""
        print(json.dumps([verb, arguments]), file=self._hand.process.stdin, flush=True)
        return self._answer()

    def run(self, document: Mapping[str, Any], force: bool = False) -> LivingRun:
        """Start a run."""
        return LivingRun(self, self.ask("start", document=document, scope=self.scope, force=force))

    def marks(self, name: str) -> Marks:
        """A file that `trial.wait` writes to."""
        return Marks(self.folder / name)


class LivingRun:
    """A run that somebody else carries out."""

    def __init__(self, home: Home, id: str) -> None:
        self._home, self.id = home, id

    def look(self) -> dict[str, Any]:
        """The run as the API shows it."""
        return self._home.ask("look", run=self.id)

    def state(self, node: str) -> str:
        """A step's state."""
        return self.look()["steps"][node]["state"]

    def cancel(self) -> None:
        """Ask it to end."""
        self._home.ask("cancel", run=self.id)

    def ended(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The run once it has ended."""
        return wait_until(lambda: (look := self.look())["state"] in ENDED and look, seconds)

    def told(self, node: str) -> list[str]:
        """The states that a step's events told, in order."""
        events = self._home.ask("events", run=self.id)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        return [
            event["step"]["state"] for event in events if event["type"] == "step" and event["node"] == node and "state" in event["step"]
        ]

    def result(self, node: str, port: str = "table") -> Any:
        """What a step left: rows, or a report."""
        return self._home.ask("rows", run=self.id, node=node, port=port)


class Marks:
    """The lines that waiting steps wrote: who started, who ended."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[tuple[str, int]]:
        """Verb and process id, in order."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [(verb, int(pid)) for verb, pid in (line.split() for line in lines)]

    def started(self, times: int = 1) -> int:
        """The process id of the last start, once there were so many."""
        starts = wait_until(lambda: (found := [pid for verb, pid in self.read() if verb == "start"]) and len(found) >= times and found)
        return starts[-1]

    def verbs(self) -> list[str]:
        """What happened, without who."""
        return [verb for verb, _ in self.read()]


class Broker:
    """How a broker is started and reached."""

    def __init__(self, command: list[str], url: str, channel: str, answers: Callable[[], bool]) -> None:
        self.command, self.url, self.channel, self.answers = command, url, channel, answers


def embedded_broker(folder: Path) -> Broker:
    """The one that `make run` starts."""
    at = folder / "broker"
    return Broker(_broker(at), f"redis+socket://{at}", f"unix://{at}", at.exists)


def redis_on_a_port(folder: Path) -> Broker:
    """Debian's Redis on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = shutil.which("redis-server") or shutil.which("valkey-server")
    assert server, "a team's installation is tested with redis-server: apt-get install redis-server"

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    url = f"redis://127.0.0.1:{port}/0"
    return Broker([server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)], url, url, answers)


def _postgres_bin() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    elsewhere = [Path(path).parent for path in [shutil.which("initdb")] if path]
    assert debian or elsewhere, "a team's installation is tested with PostgreSQL: apt-get install postgresql"
    return (debian or elsewhere)[-1]
