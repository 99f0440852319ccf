"""What `tests.bench.parity` asks of an endpoint: all held-out rows of its run, in every form of request."""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.procfs import is_alive
from pipelines.serving.parity import MOST_ALONE, compared
from tests.designer.endpoints.serving.test_live_change import supervised
from tests.support.app_server import Person
from tests.support.process_groups import wait_until

KEPT = "parity"  # the folder in the home of an installation
TOGETHER = 1_000  # rows in one request
PATIENCE = 1_800.0  # seconds, on a machine that others use too: a proof with a step in R took 15 minutes
WAYS = ("alone", "together", "split", "protocol")
FAILED = "failed: "
TIMES = ("published", "killed", "restarted")
HEAD = ("Sample", "Scores", "Way", "Rows", "Row by row", "All together", "By column (v2)", "Server killed", "Restarted", "Proof", "ONNX")
Columns = Mapping[str, Sequence[Any]]


@dataclass
class Served:
    """An output of a sample with scores, and what was found of it: the largest difference by time and way, or the words of a refusal."""

    sample: str
    scored: str
    words: str = ""
    endpoint: str = ""
    address: str = ""
    key: str = ""
    mode: str = ""
    proof: str = ""
    onnx: str = "—"
    run: str = ""
    most_alone: int | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    found: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its endpoint."""
        return f"{self.sample}-{self.scored.partition('.')[0]}".replace("_", "-").rstrip("-—")[:60]

    def recall(self, home: Path) -> None:
        """Take up what a former call on this installation asked, and what it found."""
        if (file := home / KEPT / self.name).exists():
            self.asked, self.found = json.loads(file.read_text())

    def keep(self, home: Path) -> None:
        """Keep what was asked and found for a later call."""
        (home / KEPT).mkdir(exist_ok=True)
        (home / KEPT / self.name).write_text(json.dumps([self.asked, self.found]))

    def spread(self, values: list[Any], way: str) -> list[Any]:
        """The values of the rows that are asked for in a way."""
        limits = (MOST_ALONE.get(self.mode), self.most_alone) if way == "alone" else ()
        most = min((each for each in limits if each is not None), default=len(values))
        return values[:: max(1, -(-len(values) // max(1, most)))]

    def rows(self, way: str) -> list[dict[str, Any]]:
        """The rows that are asked for in a way."""
        return self.spread(self.asked["rows"], way)

    def wanted(self, way: str) -> Columns:
        """The scores of the run for these rows."""
        return {name: self.spread(values, way) for name, values in self.asked["wanted"].items()}

    @property
    def is_equal(self) -> bool:
        """Whether it is refused, or no bit differs anywhere."""
        if self.words:
            return not self.words.startswith(FAILED)
        return (
            not self.asked["absent"]
            and self.proof.endswith(" 0")
            and {*self.found} == {*TIMES}
            and all(each == "0" for at in TIMES for each in self.found[at].values())
        )

    def __str__(self) -> str:
        """The row of the table."""
        if self.words:
            return f"| {self.sample} | {self.scored} | {self.words} |{' |' * (len(HEAD) - 3)}"
        first = self.found["published"]
        together = _worst([first["together"], first["split"]])
        again = [_worst(list(self.found.get(at, {"": "not asked"}).values())) for at in TIMES[1:]]
        rows = f"{len(self.asked['rows']):,}" + (f", {self.asked['absent']} not found" if self.asked["absent"] else "")
        if (alone := len(self.rows("alone"))) < len(self.asked["rows"]):
            rows += f", {alone:,} alone"
        cells = (self.sample, self.scored, self.mode, rows, first["alone"], together, first["protocol"], *again, self.proof, self.onnx)
        return f"| {' | '.join(cells)} |"


def _worst(found: list[str]) -> str:
    return next((each for each in found if each != "0"), "0")


class Asking:
    """One connection to an endpoint."""

    def __init__(self, one: Served) -> None:
        self._url = urlsplit(one.address)
        self._headers = {"Authorization": f"Bearer {one.key}", "Content-Type": "application/json"}
        self._connection = http.client.HTTPConnection(self._url.netloc, timeout=180)

    def post(self, path: str, body: Any) -> Any:
        """Send a body; raises for another answer than 200."""
        self._connection.request("POST", path, json.dumps(body), self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} {content[:300].decode(errors='replace')}")
        return json.loads(content)

    def score(self, body: Any) -> list[dict[str, Any]]:
        """The rows that are answered."""
        return list(self.post(f"{self._url.path}/score", body)["rows"])

    def infer(self, name: str, inputs: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """The outputs by name."""
        base = self._url.path.partition("/serve/")[0]
        return {each["name"]: each["data"] for each in self.post(f"{base}/v2/models/{name}/infer", {"inputs": inputs})["outputs"]}


def answers(one: Served, way: str) -> Columns:
    """The scores of all rows, asked for in one way."""
    asking, rows = Asking(one), one.rows(way)
    found: dict[str, list[Any]] = {name: [] for name in one.asked["wanted"]}
    names = list(one.asked["types"])
    step = 1 if way == "alone" else TOGETHER
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        if way == "protocol":
            columns = {name: [row[name] for row in some] for name in names}
            inputs = [{"name": name, "shape": [len(some)], "datatype": one.asked["types"][name], "data": columns[name]} for name in names]
            for name, values in asking.infer(one.address.rpartition("/")[2], inputs).items():
                found[name] += values
            continue
        split = {"columns": names, "data": [[row[name] for name in names] for row in some]}
        for row in asking.score(split if way == "split" else {"rows": some}):
            for name in found:
                found[name].append(row[name])
    return found


def ask(served: list[Served], at: str, home: Path | None = None) -> None:
    """Ask for all rows in all ways, and compare them with the scores of the run; with the home of the installation it is kept for later calls."""
    for one in served:
        for way in WAYS:
            try:
                case = compared(way, way, one.wanted(way), answers(one, way))
                words = "0" if not case.differing and not case.largest else f"{case.largest:.2g}, {case.differing} differ"
            except (OSError, http.client.HTTPException, RuntimeError, KeyError, ValueError) as wrong:
                words = f"{FAILED}{type(wrong).__name__} {wrong}"
            one.found.setdefault(at, {})[way] = words
        if home:
            one.keep(home)
        print(f"{at}: {one.sample} {one.scored} {one.found[at]}", file=sys.stderr, flush=True)


def kill_server(person: Person, served: list[Served]) -> None:
    """Kill the serving process; returns when another one answers for all endpoints."""
    victim = supervised(person)
    assert victim
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: not is_alive(victim), PATIENCE)
    wait_until(lambda: supervised(person) not in (None, victim), PATIENCE)
    wait_for(served)


def wait_for(served: list[Served]) -> None:
    """Wait until a serving process answers for all endpoints."""
    for one in served:
        wait_until(lambda one=one: _answers(one), PATIENCE)


def _answers(one: Served) -> bool:
    try:
        return bool(Asking(one).score({"rows": one.asked["rows"][:1]}))
    except (OSError, http.client.HTTPException, RuntimeError):
        return False
