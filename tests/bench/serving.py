"""Endpoints: one row and 1,000 rows in a request, beside FastAPI with scikit-learn and an empty ASGI application on the same server.

One process serves, this one asks over one connection. Keys, the check of the schema, limits and counts are on.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.report import Figures
from tests.support.app_server import ROOT, Person
from tests.support.installation import wait_until
from tests.support.ports import free_port

PEER = ROOT / ".make" / "peer-serving"
WANTED = ("fastapi==0.165.0",)
SAMPLES = ("automobile_price", "income")
REQUESTS, WARM = 4000, 300


class Connection:
    """One connection, as little work as possible around each request."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request, and read the whole answer."""
        self._socket.sendall(request)
        got = self._socket.recv(65_536)
        while b"\r\n\r\n" not in got:
            got += self._socket.recv(65_536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(1 << 20)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(body[:300].decode(errors="replace"))
        return body


def request_of(path: str, rows: list[object], key: str = "") -> bytes:
    """A request as bytes."""
    body = json.dumps({"rows": rows}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


def times(port: int, request: bytes, count: int = REQUESTS, warm: int = WARM) -> list[float]:
    """Milliseconds of each request, sorted."""
    connection, found = Connection(port), []
    for _ in range(warm):
        connection.ask(request)
    for _ in range(count):
        started = time.perf_counter()
        connection.ask(request)
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


def figures_of(name: str, taken: list[float]) -> dict[str, float | None]:
    """Median, 99th percentile and requests per second of one connection."""
    return {
        f"serving_{name}_ms_p50": taken[len(taken) // 2],
        f"serving_{name}_ms_p99": taken[int(len(taken) * 0.99)],
        f"serving_{name}_requests_per_second": 1000 * len(taken) / sum(taken),
    }


@contextmanager
def peer(application: str, *more: str, path: Path | None = None) -> Iterator[int]:
    """A peer on uvicorn with httptools; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--http", "httptools", "--no-access-log", "--log-level", "error", "--port", str(port)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *([str(path)] if path else [])])}
    process = subprocess.Popen([*command, *more, application], env=env)
    try:
        wait_until(lambda: _answers(port), 60)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fastapi_installed() -> bool:
    """Install FastAPI beside our environment, on demand."""
    mark = PEER / "installed"
    try:
        if not mark.exists() or mark.read_text() != " ".join(WANTED):
            uv = Path(sys.executable).with_name("uv")
            subprocess.run([uv, "pip", "install", "--quiet", "--python", sys.executable, "--target", PEER, *WANTED], check=True)
            mark.write_text(" ".join(WANTED))
    except (OSError, subprocess.CalledProcessError) as fault:
        print(f"FastAPI is not measured: it could not be installed ({fault})", file=sys.stderr)
        return False
    return True


def published(person: Person, sample: str) -> tuple[int, str, str, object]:
    """Publish a sample's model; returns port, path, key and a real row."""
    pipeline = person.call("POST", f"/api/samples/{sample}/open/", {})["id"]
    person.run(pipeline)
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    endpoint = person.call("POST", "/api/endpoints/", {"name": sample.replace("_", "-"), "run": run, "limits": {"rate": 10_000_000}})["id"]
    wait_until(lambda: person.call("GET", f"/api/endpoints/{endpoint}/")["state"] in ("serving", "failed"), 120)
    seen = person.call("GET", f"/api/endpoints/{endpoint}/")
    key = person.call("POST", f"/api/endpoints/{endpoint}/keys/", {"name": "bench"})["key"]
    row, url = seen["listed"][0]["example"], urlsplit(seen["address"])
    assert url.port
    wait_until(lambda: person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": row})["status"] == 200, 60)
    time.sleep(1)  # the key is known within half a second
    return url.port, f"{url.path}/score", key, row


def serving(person: Person, _: Path) -> Figures:
    """One row and 1,000 rows of the samples, and the baselines."""
    found: dict[str, float | None] = {}
    row: object = {}
    for sample in SAMPLES:
        port, path, key, row = published(person, sample)
        found |= figures_of(sample, times(port, request_of(path, [row], key)))
        many = times(port, request_of(path, [row] * 1000, key), 30, 3)
        found[f"serving_{sample}_1000_rows_ms_p50"] = many[len(many) // 2]
    with peer("tests.bench.serving_peers:empty") as port:
        found |= figures_of("baseline_empty_asgi", times(port, request_of("/", [row])))
    if fastapi_installed():
        with peer("tests.bench.serving_peers:fastapi", "--factory", path=PEER) as port:
            found |= figures_of("baseline_fastapi", times(port, request_of("/score", [row]), 200, 20))
            many = times(port, request_of("/score", [row] * 1000), 10, 2)
            found["serving_baseline_fastapi_1000_rows_ms_p50"] = many[len(many) // 2]
    return found
