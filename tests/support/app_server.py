"""A whole Easel on a home of its own, as `make run` starts it, and a signed-in API client."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from websockets.sync.client import connect

from tests.support import migrated
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
THEIRS = {"EASEL_BROKER_URL", "EASEL_CHANNEL_URL", "EASEL_STORE_URL", "EASEL_DATABASE_URL"}
LINK = re.compile(r"http://127\.0\.0\.1:\d+/sign-in/link/\S+")


class Person:
    """A signed-in client without a browser: session cookie, CSRF token, JSON in and out."""

    def __init__(self, base: str, link: str, home: Path, supervisor: int) -> None:
        self.base, self.home, self.supervisor = base, home, supervisor
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))
        self._opener.open(link).read()

    @property
    def cookies(self) -> dict[str, str]:
        """The session, for a socket or a real browser."""
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call the API; raises urllib's HTTPError for an unsuccessful response."""
        return self.send(method, path, None if body is None else json.dumps(body).encode(), "application/json")

    def send(self, method: str, path: str, data: bytes | None, content_type: str, **more: str) -> Any:
        """Call the API with a body of any type."""
        headers = {"Content-Type": content_type, "X-CSRFToken": self.cookies.get("csrftoken", ""), "Referer": self.base, **more}
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        with self._opener.open(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def upload(self, file: Path) -> Any:
        """Upload a dataset."""
        mark = uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        return self.send(
            "POST",
            "/api/datasets/",
            head.encode() + file.read_bytes() + f"\r\n--{mark}--\r\n".encode(),
            f"multipart/form-data; boundary={mark}",
        )

    def pipeline(self, graph: Mapping[str, Any]) -> str:
        """Create a pipeline from a document; returns its id."""
        return str(self.call("POST", "/api/pipelines/", {"name": graph.get("name", "Bench"), "graph": graph})["id"])

    def set(self, pipeline: str, node: str, **params: Any) -> None:
        """Change settings of a node through the API; open canvases see it."""
        graph = self.call("GET", f"/api/pipelines/{pipeline}/graph/")
        graph["nodes"][node]["params"] |= params
        self.put(pipeline, graph)

    def put(self, pipeline: str, graph: Mapping[str, Any]) -> None:
        """Change a pipeline to a document; open canvases see it."""
        revision = self.call("GET", f"/api/pipelines/{pipeline}/")["revision"]
        body = json.dumps(graph).encode()
        self.send("PUT", f"/api/pipelines/{pipeline}/graph/", body, "application/json", **{"If-Match": f'"{revision}"'})

    def run(self, pipeline: str, *, force: bool = False, patience: float = 120) -> tuple[float, str]:
        """Start a run and follow its socket to the last event, each of which may take `patience` seconds; returns seconds from the click, and the
        final state."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = time.perf_counter()
        run = self.call("POST", f"/api/pipelines/{pipeline}/runs/", {"force": force})
        address = f"{self.base.replace('http', 'ws', 1)}/ws/runs/{run['id']}/?after=0"
        with connect(address, additional_headers={"Cookie": cookie}, origin=self.base, max_size=None) as socket:  # type: ignore[arg-type]
            while True:
                for event in json.loads(socket.recv(timeout=patience)).get("events", ()):
                    if event["type"] == "run" and event["run"].get("finished_at"):
                        return time.perf_counter() - started, event["run"]["state"]


@contextmanager
def easel(env: Mapping[str, str] | None = None, concurrency: int = 2) -> Iterator[Person]:
    """Start everything on a new home, with that many worker children, sign in, and stop everything."""
    env = {"EASEL_MODULES": "tests.easel_modules", **(env or {})}
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as home:
        migrated.lay(Path(home) / migrated.NAME)
        with started(Path(home), env, concurrency) as person:
            yield person


@contextmanager
def started(home: Path, env: Mapping[str, str] | None = None, concurrency: int = 2, root: Path = ROOT) -> Iterator[Person]:
    """`easel` on an existing home, with the code of any work tree."""
    port = free_port()
    outer = {name: value for name, value in os.environ.items() if name not in THEIRS}
    command = [sys.executable, "-m", "designer.site.supervisor", "--port", str(port), "--no-browser", "--concurrency", str(concurrency)]
    settings = {**outer, "EASEL_HOME": str(home), "EASEL_SERVE_PORT": str(free_port()), **(env or {})}
    tree = subprocess.Popen(command, cwd=root, env=settings, stdout=subprocess.PIPE, text=True)
    try:
        yield Person(f"http://127.0.0.1:{port}", _link(tree), home, tree.pid)
    finally:
        tree.send_signal(signal.SIGINT)
        tree.wait(120)


def _link(tree: subprocess.Popen[str]) -> str:
    assert tree.stdout is not None
    for line in tree.stdout:
        if found := LINK.search(line):
            return found.group()
    raise RuntimeError("Easel did not start; its output says why")
