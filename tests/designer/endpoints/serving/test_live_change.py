"""Requests go on while versions change and serving processes are killed: none is wrong, and none is lost beyond one retry."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pipelines.procfs import is_alive
from tests.support.app_server import ROOT, Person, easel
from tests.support.installation import wait_until

REQUESTS, MOVES, KILLS = 2000, 12, 3
PAUSE_SECONDS = 0.01  # between two requests: without it, client and server take a whole processor while a killed process starts again
RETRY_SECONDS = 0.5  # a process that is killed closes its connections a little before its port
ROWS = {"x": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], "y": [2.1, 3.9, 6.2, 8.1, 9.7, 12.2, 14.1, 15.8, 18.3, 20.1, 21.7, 24.2]}
GRAPH = {
    "name": "Line",
    "nodes": {
        "data": {
            "module": "data.enter_data",
            "params": {"text": "x,y\n" + "\n".join(f"{x},{y}" for x, y in zip(*ROWS.values(), strict=True))},
        },
        "split": {"module": "transform.split_data", "params": {"fraction": 0.7, "seed": 1}},
        "learner": {"module": "regression.linear_regression", "params": {}},
        "train": {"module": "training.train_model", "params": {"label": "y"}},
        "score": {"module": "scoring.score_model", "params": {}},
    },
    "edges": [
        ["data.table", "split.table"],
        ["split.first", "train.table"],
        ["learner.model", "train.untrained"],
        ["train.model", "score.model"],
        ["split.second", "score.table"],
    ],
}


class Client:
    """One connection, with one retry on a new one, as any HTTP client has."""

    def __init__(self, address: str, key: str) -> None:
        self._url, self._headers = urlsplit(address), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(self._url.netloc, timeout=20)
        self.retries = 0

    def score(self, row: dict[str, Any]) -> tuple[int, Any]:
        for last in (False, True):
            try:
                self._connection.request("POST", f"{self._url.path}/score", json.dumps(row), self._headers)
                answer = self._connection.getresponse()
                return answer.status, json.loads(answer.read())
            except (OSError, http.client.HTTPException):
                self._connection.close()
                if last:
                    raise
                self.retries += 1
                time.sleep(RETRY_SECONDS)
        raise AssertionError


def publish(person: Person, pipeline: str, **more: Any) -> str:
    """Run a pipeline, publish it, and wait until the version is proven; returns the endpoint's id."""
    assert person.run(pipeline)[1] == "done"
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    if endpoint := more.get("endpoint"):
        person.call("POST", f"/api/endpoints/{endpoint}/versions/", {"run": run})
    else:
        endpoint = person.call("POST", "/api/endpoints/", {"name": "line", "run": run})["id"]

    def newest() -> Any:
        return person.call("GET", f"/api/endpoints/{endpoint}/")["listed"][0]

    wait_until(lambda: newest()["state"] in ("ready", "serving", "failed"), 60)
    assert newest()["state"] != "failed", newest()["reason"]
    return str(endpoint)


@contextmanager
def further_process(person: Person, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A second serving process on the same port and home."""
    env = {**os.environ, "EASEL_HOME": str(person.home), "DJANGO_SETTINGS_MODULE": "designer.config.settings", "EASEL_MODULES": ""}
    for name in ("EASEL_DATABASE_URL", "EASEL_STORE_URL"):
        env.pop(name, None)
    process = subprocess.Popen([sys.executable, "manage.py", "serve_endpoints", "--port", str(port)], cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in (0, -signal.SIGTERM)


def supervised(person: Person) -> int | None:
    """The serving process that the supervisor started."""
    children = Path(f"/proc/{person.supervisor}/task/{person.supervisor}/children").read_text().split()
    found = (int(pid) for pid in children if b"serve_endpoints" in Path(f"/proc/{pid}/cmdline").read_bytes())
    return next(found, None)


@pytest.mark.processes
@pytest.mark.slow
def test_no_request_is_wrong_or_lost_while_versions_change_and_processes_are_killed() -> None:
    with easel({"EASEL_MODULES": ""}) as person:
        pipeline = person.pipeline(GRAPH)
        endpoint = publish(person, pipeline)
        person.set(pipeline, "split", seed=3)
        publish(person, pipeline, endpoint=endpoint)
        seen = person.call("GET", f"/api/endpoints/{endpoint}/")
        key = person.call("POST", f"/api/endpoints/{endpoint}/keys/", {"name": "load"})["key"]
        row = {"x": 7}
        port = urlsplit(seen["address"]).port
        assert port

        def tests() -> dict[int, Any]:
            return {n: person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": row, "version": n}) for n in (1, 2)}

        wait_until(lambda: all(answer["status"] == 200 for answer in tests().values()), 60)
        tested = tests()
        right = {n: answer["answer"]["rows"] for n, answer in tested.items()}
        assert right[1] != right[2]
        with further_process(person, port):
            wait_until(lambda: sum(one["current"] for one in person.call("GET", f"/api/endpoints/{endpoint}/")["processes"]) == 2, 60)
            client = Client(seen["address"], key)
            wait_until(lambda: client.score(row)[0] == 200, 10)
            changing = threading.Thread(target=change, args=(person, endpoint))
            changing.start()
            answers, sent = [], 0
            while changing.is_alive() or sent < REQUESTS:
                answers.append(client.score(row))
                sent += 1
                time.sleep(PAUSE_SECONDS)
            changing.join()
            started = time.monotonic()
            person.call("DELETE", f"/api/endpoints/{endpoint}/keys/{person.call('GET', f'/api/endpoints/{endpoint}/keys/')[0]['id']}/")
            wait_until(lambda: Client(seen["address"], key).score(row)[0] == 401, 10)
            print(f"revoked after {time.monotonic() - started:.2f} s")
        wrong = [answer for answer in answers if answer[0] != 200 or answer[1]["rows"] != right[answer[1]["model"]["version"]]]
        assert wrong == [] and len(answers) >= REQUESTS and client.retries <= KILLS
        print(f"{len(answers):,} requests, {client.retries} retried")
        assert {answer[1]["model"]["version"] for answer in answers} == {1, 2}
        log = (person.home / "broker.log").read_text() if (person.home / "broker.log").exists() else ""
        assert key not in log and not re.search(key, (person.home / "easel.sqlite3").read_bytes().decode("latin-1"))


def change(person: Person, endpoint: str) -> None:
    """Move the shares many times, and kill the supervised process now and then."""
    for step in range(MOVES):
        shares = [{"1": 100}, {"1": 50, "2": 50}, {"2": 100}, {"1": 90, "2": 10}][step % 4]
        person.call("PUT", f"/api/endpoints/{endpoint}/alias/", {"shares": shares})
        if step % (MOVES // KILLS) == 1 and (pid := supervised(person)):
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda pid=pid: not is_alive(pid), 10)
        at = person.call("GET", f"/api/endpoints/{endpoint}/")["shares"]
        assert at == shares
        wait_until(lambda: sum(one["current"] for one in person.call("GET", f"/api/endpoints/{endpoint}/")["processes"]) >= 1, 30)
