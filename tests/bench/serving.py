"""Endpoints: one row and 1,000 rows in a request, beside FastAPI with scikit-learn and an empty ASGI application on the same server.

One process serves, alone on one core; this one asks on another. Keys, the check of the schema, limits and counts are on. The plain pipelines of the
peers have the learners and columns of the samples. Each answer of many rows is compared with those of its rows alone, bit by bit.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.bench import serving_peers
from tests.bench.report import Figures
from tests.designer.endpoints.serving.test_live_change import supervised
from tests.support.app_server import ROOT, Person
from tests.support.installation import wait_until
from tests.support.ports import free_port

PEER = ROOT / ".make" / "peer-serving"
WANTED = ("fastapi==0.165.0",)
SAMPLES = ("automobile_price", "income")
REQUESTS, WARM, AT_ONCE = 4000, 300, 8
CORES = sorted(os.sched_getaffinity(0))[:2]  # of this process, and of the one that serves


class Connection:
    """One connection, as little work as possible around each request."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> bytes:
        """Send a request, and read the whole answer."""
        self.send(request)
        return self.read()

    def send(self, request: bytes) -> None:
        """Send a request."""
        self._socket.sendall(request)

    def read(self) -> bytes:
        """Read a whole answer."""
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


def rate(port: int, request: bytes, rounds: int = REQUESTS // AT_ONCE) -> float:
    """Requests per second over several connections, each with one request on its way."""
    connections = [Connection(port) for _ in range(AT_ONCE)]
    started = time.perf_counter()
    for _ in range(rounds):
        for connection in connections:
            connection.send(request)
        for connection in connections:
            connection.read()
    return rounds * AT_ONCE / (time.perf_counter() - started)


def figures_of(name: str, port: int, request: bytes, count: int = REQUESTS, warm: int = WARM) -> dict[str, float | None]:
    """Median and 99th percentile on one connection, and requests per second over several: the median of five times."""
    taken = times(port, request, count, warm)
    return {
        f"serving_{name}_ms_p50": taken[len(taken) // 2],
        f"serving_{name}_ms_p99": taken[int(len(taken) * 0.99)],
        f"serving_{name}_requests_per_second": median(rate(port, request, count // AT_ONCE) for _ in range(5)),
    }


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started inside runs on a core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pin(process: int, core: int) -> None:
    """Keep a process with all its threads on a core."""
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


@contextmanager
def peer(application: str, *more: str, path: Path | None = None) -> Iterator[int]:
    """A peer on uvicorn with httptools; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--http", "httptools", "--no-access-log", "--log-level", "error", "--port", str(port)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *([str(path)] if path else [])])}
    with on_core(CORES[-1]):
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


class Published(NamedTuple):
    """An endpoint: its port, path and key, the columns that it asks for, and whether its proof found no differing bit."""

    port: int
    path: str
    key: str
    columns: list[str]
    exact: bool


def published(person: Person, sample: str) -> Published:
    """Publish a sample's model."""
    pipeline = person.call("POST", f"/api/samples/{sample}/open/", {})["id"]
    person.run(pipeline)
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    endpoint = person.call("POST", "/api/endpoints/", {"name": sample.replace("_", "-"), "run": run, "limits": {"rate": 10_000_000}})["id"]
    wait_until(lambda: person.call("GET", f"/api/endpoints/{endpoint}/")["state"] in ("serving", "failed"), 120)
    seen = person.call("GET", f"/api/endpoints/{endpoint}/")
    key = person.call("POST", f"/api/endpoints/{endpoint}/keys/", {"name": "bench"})["key"]
    version, url = seen["listed"][0], urlsplit(seen["address"])
    assert url.port
    wait_until(lambda: person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": version["example"]})["status"] == 200, 60)
    time.sleep(1)  # the key is known within half a second
    return Published(url.port, f"{url.path}/score", key, list(version["example"]), bool(version["parity"]["exact"]))


def same_bits(endpoint: Published, rows: list[object]) -> bool:
    """Whether the answer of many rows holds, digit by digit, those of its rows alone, and the proof of the version found no differing bit."""
    connection = Connection(endpoint.port)
    many = json.loads(connection.ask(request_of(endpoint.path, rows, endpoint.key)), parse_float=str)["rows"]
    alone = [json.loads(connection.ask(request_of(endpoint.path, [row], endpoint.key)), parse_float=str)["rows"][0] for row in rows]
    return endpoint.exact and many == alone


def milliseconds(work: Callable[[], object], count: int) -> list[float]:
    """The times of some calls, on the core of the server."""
    taken = []
    with on_core(CORES[-1]):
        for _ in range(count):
            started = time.perf_counter()
            work()
            taken.append((time.perf_counter() - started) * 1000)
    return taken


def in_turns(port: int, request: bytes, work: Callable[[], object], turns: int = 10, count: int = 10) -> tuple[float, float]:
    """The medians of a request and of a call. They take turns, since the machine is faster in some seconds than in others."""
    asked, called = list[float](), list[float]()
    for _ in range(turns):
        asked += times(port, request, count, 2)
        time.sleep(0.6)  # the server counts what was asked, on the same core
        called += milliseconds(work, count + 2)[2:]
    return median(asked), median(called)


def serving(person: Person, _: Path) -> Figures:
    """One row and 1,000 rows of the samples, and the baselines."""
    found: dict[str, float | None] = {}
    endpoints = {sample: published(person, sample) for sample in SAMPLES}
    if served := supervised(person):
        pin(served, CORES[-1])
    with on_core(CORES[0]):
        row: object = {}
        for sample, endpoint in endpoints.items():
            rows = serving_peers.rows_of(sample, endpoint.columns, 1000)
            row = rows[0]
            found |= figures_of(sample, endpoint.port, request_of(endpoint.path, [row], endpoint.key))
            model, frame = serving_peers.plain(sample)
            request = request_of(endpoint.path, rows, endpoint.key)
            asked, called = in_turns(endpoint.port, request, lambda model=model, frame=frame: model.predict(frame))
            found |= {f"serving_{sample}_1000_rows_ms_p50": asked, f"serving_{sample}_1000_rows_predict_ms_p50": called}
            found[f"serving_{sample}_bits_equal"] = float(same_bits(endpoint, rows[:300]))
        with peer("tests.bench.serving_peers:empty") as port:
            found |= figures_of("baseline_empty_asgi", port, request_of("/", [row]))
        for sample in SAMPLES if fastapi_installed() else ():
            rows = serving_peers.rows_of(sample, endpoints[sample].columns, 1000)
            with peer(f"tests.bench.serving_peers:{sample}", "--factory", path=PEER) as port:
                found |= figures_of(f"baseline_fastapi_{sample}", port, request_of("/score", rows[:1]), 200, 20)
                many = times(port, request_of("/score", rows), 10, 2)
                found[f"serving_baseline_fastapi_{sample}_1000_rows_ms_p50"] = many[len(many) // 2]
    return found | ratios(found)


def ratios(found: dict[str, float | None]) -> dict[str, float | None]:
    """The figures of the samples as multiples of the baselines of the same run."""
    more: dict[str, float | None] = {}
    for sample in SAMPLES:
        one, many = found[f"serving_{sample}_ms_p50"], found[f"serving_{sample}_1000_rows_ms_p50"]
        for name, mine, other in (
            (f"{sample}_ratio_to_empty_asgi", one, "baseline_empty_asgi_ms_p50"),
            (f"{sample}_ratio_to_fastapi", one, f"baseline_fastapi_{sample}_ms_p50"),
            (f"{sample}_1000_rows_ratio_to_fastapi", many, f"baseline_fastapi_{sample}_1000_rows_ms_p50"),
            (f"{sample}_1000_rows_ratio_to_predict", many, f"{sample}_1000_rows_predict_ms_p50"),
        ):
            base = found.get(f"serving_{other}")
            more[f"serving_{name}"] = mine / base if mine and base else None
    return more
