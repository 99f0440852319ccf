"""A whole installation for a test, of real processes with its own home and sockets; it leaves nothing behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from tests.support import servers
from tests.support.prefork import Forked, prefork
from tests.support.process_groups import PATIENCE, Group, wait_until
from tests.support.servers import Server

ROOT = Path(__file__).parents[2]
ENDED = ("done", "failed", "cancelled")
HAND = "import django; django.setup(); from tests.support.remote_control import serve; serve()"


class Unreachable(Exception):
    """The helper process could not reach the database."""


class Home:
    """Database, broker and store of an installation, and the processes of a test.

    Args:
        team: PostgreSQL and a Redis on a port, in place of SQLite and a private socket.
        rabbitmq: RabbitMQ is the broker; Redis is only the channel layer.
        s3: The store is a bucket.
        megabytes: The store is a disk of its own, of this size; needs root.
        env: Additional environment variables of its processes.
        log: A file for the output of its processes; None for the terminal.
    """

    address = servers.HERE
    namespace = ""  # the file of the network namespace of its processes

    def __init__(
        self,
        team: bool = False,
        *,
        rabbitmq: bool = False,
        s3: bool = False,
        megabytes: int = 0,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="easel-living-"))
        self.folder.chmod(0o755)
        self.scope = uuid4().hex
        self._team, self._rabbitmq, self._s3, self._megabytes = team, rabbitmq, s3, megabytes
        self._log = log.open("a") if log else None
        self.groups: list[Group] = []
        self.sessions: set[int] = set()  # of all groups that there ever were
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "designer.config.settings",
            "EASEL_HOME": str(self.folder / "home"),
            "EASEL_MODULES": "tests.easel_modules",
            "OMP_NUM_THREADS": "1",
            "EASEL_STOP_SECONDS": "1",
            **(env or {}),
        }

    def __enter__(self) -> Self:
        try:
            self._start_servers()
            self.start_hand()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for group in reversed(self.groups):
            group.end(signal.SIGINT if group is getattr(self, "database", None) else signal.SIGTERM)
        if self.small_disk.is_mount():
            subprocess.run(["umount", self.small_disk], check=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # Processes

    def start(self, command: Sequence[str | Path], **how: Any) -> Group:
        """Start a process that ends with this home."""
        how = {"env": self.env, "stdout": self._log or subprocess.DEVNULL, "stderr": self._log, **how}
        return self._added(subprocess.Popen([str(part) for part in command], cwd=ROOT, start_new_session=True, **how))

    def _added(self, process: subprocess.Popen[Any] | Forked) -> Group:
        group = Group(process)
        self.groups.append(group)
        self.sessions.add(process.pid)
        return group

    def python(self, *arguments: str, env: Mapping[str, str] | None = None, namespace: str = "", **files: Any) -> Group:
        """Start a Python process that ends with this home, forked from one that has imported what it needs."""
        files = {"stdout": self._log or subprocess.DEVNULL, "stderr": self._log, **files}
        return self._added(prefork().start(arguments, env or self.env, namespace=namespace or self.namespace, **files))

    def printed_by(self, *arguments: str) -> str:
        """Run a Python program to its end; returns what it prints."""
        program = self.python(*arguments, stdout=subprocess.PIPE)
        printed = str(program.process.stdout.read())
        assert program.process.wait() == 0, "the program failed; its trace is above"
        self.groups.remove(program)
        return printed

    def prepare(self) -> str:
        """Prepare the installation; returns the path of a link to sign in."""
        return self.printed_by("manage.py", "prepare").splitlines()[-1]

    def serve(self, server: Server) -> Group:
        """Start a server; returns when it answers."""
        group = self.start(server.command, env={**self.env, **server.env}, **{"stdout": subprocess.DEVNULL, **server.how})
        wait_until(server.answers, 60)
        return group

    def _start_servers(self) -> None:
        channel = servers.redis(self.folder, self.address) if self._team else servers.embedded_broker(self.folder)
        self._broker = channel
        if self._megabytes:
            self.small_disk.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self._megabytes}m", "easel", self.small_disk], check=True)
            self.env["EASEL_STORE_URL"] = self.small_disk.as_uri()
        if self._rabbitmq:
            self._broker, maps = servers.rabbitmq(self.folder, self.address)
            self.serve(maps)
            self.serve(channel)
        self.start_broker()
        self.env |= {"EASEL_BROKER_URL": self._broker.url, "EASEL_CHANNEL_URL": channel.url.replace("redis+socket", "unix")}
        if self._team:
            self._database = self._postgres()
            self.start_database()
            self.env["EASEL_DATABASE_URL"] = self._database.url
        if self._s3:
            bucket = servers.s3(self.address)
            self.serve(bucket)
            self.env |= {
                "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": bucket.url, "EASEL_STORE_URL": "s3://easel/store",
            }  # fmt: skip

    def _postgres(self) -> Server:
        return servers.postgres(self.folder)

    def dismiss(self, group: Group) -> None:
        """Stop a process of this home, and forget it."""
        group.end(signal.SIGKILL)
        self.groups.remove(group)

    @property
    def small_disk(self) -> Path:
        """The mount point of the store's own disk."""
        return self.folder / "disk"

    def start_broker(self) -> Group:
        """Start the broker, empty."""
        self._broker.forget()
        self.broker = self.serve(self._broker)
        return self.broker

    def start_database(self) -> Group:
        """Start PostgreSQL with its previous data."""
        self.database = self.serve(self._database)
        return self.database

    def start_worker(self, concurrency: int = 2, name: str = "one") -> Group:
        """Start a Celery worker as the supervisor does; returns when its children are idle."""
        worker = self.python(*_worker(concurrency, name))
        wait_until(lambda: len(worker.pids) > concurrency, 90, every=0.2)  # seconds of CPU time, on a machine that may be busy
        return worker

    def begin_worker(self, concurrency: int, name: str, namespace: str = "", **env: str) -> Group:
        """Start a Celery worker that is expected to fall, without waiting until it is ready."""
        said = self._log or subprocess.DEVNULL
        return self.python(*_worker(concurrency, name), env=self.env | env, namespace=namespace, stderr=said)

    def start_hand(self) -> None:
        """Start the helper process that starts and reads runs."""
        self._hand = self.python("-c", HAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._answer() == "ready"

    # Runs

    def _answer(self) -> Any:
        line = self._hand.process.stdout.readline()
        assert line, "the helper process ended; its trace is above"
        return json.loads(line)

    def ask(self, verb: str, **arguments: Any) -> Any:
        """Send a command to the helper process; see remote_control.py.

        Raises:
            Unreachable: When the database is unavailable.
        """
        print(json.dumps([verb, arguments]), file=self._hand.process.stdin, flush=True)
        answer = self._answer()
        if isinstance(answer, dict) and "unreachable" in answer:
            raise Unreachable(answer["unreachable"])
        return answer

    def run(self, document: Mapping[str, Any], force: bool = False, **how: Any) -> LivingRun:
        """Start a run."""
        return LivingRun(self, self.ask("start", document=document, scope=self.scope, force=force, **how))

    def sweep(self, document: Mapping[str, Any], values: Any) -> list[LivingRun]:
        """Start a sweep; returns its runs."""
        return [LivingRun(self, id) for id in self.ask("sweep", document=document, values=values, scope=self.scope)]

    def marks(self, name: str) -> Marks:
        """A file that `trial.wait` writes to."""
        return Marks(self.folder / name)


def _worker(concurrency: int, name: str) -> list[str]:
    """The arguments of Python with which the supervisor starts a worker."""
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return ["-m", "celery", "-A", "designer.config.celery", "worker", "--concurrency", str(concurrency), *quiet, "--hostname", f"{name}@%h"]


class LivingRun:
    """A run that worker processes execute."""

    def __init__(self, home: Home, id: str) -> None:
        self._home, self.id = home, id

    def look(self) -> dict[str, Any]:
        """The run as the API shows it."""
        return self._home.ask("look", run=self.id)

    def state(self, node: str) -> str:
        """A step's state."""
        return self.look()["steps"][node]["state"]

    def cancel(self) -> None:
        """Request cancellation."""
        self._home.ask("cancel", run=self.id)

    def ended(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until the run has ended; returns it."""
        return wait_until(lambda: (look := self.look())["state"] in ENDED and look, seconds, every=0.15)

    def told(self, node: str) -> list[str]:
        """The states in a step's events, in order."""
        events = self._home.ask("events", run=self.id)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        return [
            event["step"]["state"] for event in events if event["type"] == "step" and event["node"] == node and "state" in event["step"]
        ]

    def items(self, node: str) -> Any:
        """The items of a step by key: state and seconds of each."""
        return self._home.ask("items", run=self.id, node=node)

    def result(self, node: str, port: str = "table") -> Any:
        """A step's output: rows, or a report."""
        return self._home.ask("rows", run=self.id, node=node, port=port)


class Marks:
    """The lines that waiting steps wrote: start and end of each."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[tuple[str, int]]:
        """Verb and process id, in order."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [(verb, int(pid)) for verb, pid in (line.split() for line in lines)]

    def started(self, times: int = 1) -> int:
        """The process id of the last start, once there were that many."""
        starts = wait_until(lambda: (found := [pid for verb, pid in self.read() if verb == "start"]) and len(found) >= times and found)
        return starts[-1]

    def verbs(self) -> list[str]:
        """The verbs, without process ids."""
        return [verb for verb, _ in self.read()]
