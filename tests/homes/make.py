"""Make the fixture of a home: `python -m tests.homes.make CHECKOUT NAME` works for a while as a person in the Easel of a checkout, and packs what it leaves.

The checkout needs a built `static/canvas`, as `make run` leaves it. Beside the home, the archive holds `seen.json`: what the person saw.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sqlite3
import tarfile
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from tests.support.app_server import Person, started

HERE = Path(__file__).parent
SAMPLES = ("automobile_price", "automobile_price_advanced")
PEOPLE = "age,city,income,bought\n" + "".join(
    f"{20 + at * 7 % 50},{('Bonn', 'Köln', 'NA')[at % 3]},{1000 + at * 137 % 900}.5,{'yes' if at * 7 % 50 > 24 else 'no'}\n"
    for at in range(60)
)
NODES = {
    "people": ("data.dataset", {"dataset": "people"}),
    "typed": ("data.enter_data", {"text": "city,region\nBonn,west\nKöln,west"}),
    "ratio": ("transform.derive_column", {"name": "ratio", "formula": "income / age"}),
    "scaled": ("transform.normalize", {}),
    "regions": ("transform.join", {"left_keys": ["city"], "right_keys": ["city"], "how": "left"}),
    "sums": ("transform.sql", {"query": "select city, count(*) as n from t1 group by city order by city"}),
    "script": ("script.python", {"code": "def main(first, second, third):\n    return first.head(5)\n"}),
    "split": ("transform.split_data", {"fraction": 0.7, "seed": 0}),
    "learner": ("classification.two_class_logistic_regression", {}),
    "train": ("training.train_model", {"label": "bought"}),
    "score": ("scoring.score_model", {}),
    "evaluate": ("evaluation.evaluate_model", {}),
}
EDGES = """people.table ratio.table, ratio.table scaled.table, scaled.table regions.left, typed.table regions.right, people.table sums.t1,
    people.table script.first, scaled.table split.table, learner.model train.untrained, split.first train.table, train.model score.model,
    split.second score.table, score.table evaluate.scored"""


def document(nodes: Mapping[str, Any], edges: str, name: str) -> dict[str, Any]:
    """A document of modules with settings, and of wires written as pairs."""
    drawn = {
        id: {"module": module, "params": params, "position": [0, 130 * at], "comment": f"the {id}"}
        for at, (id, (module, params)) in enumerate(nodes.items())
    }
    wires = [wire.split() for wire in edges.split(",") if wire.strip()]
    return {"format": 1, "name": name, "nodes": drawn, "edges": wires, "parameters": {}, "frames": [], "notes": []}


def work(person: Person, folder: Path) -> dict[str, Any]:
    """Do some of all that leaves something; returns what a later version is to show."""
    me = person.call("GET", "/api/me/")
    workspace = me["workspaces"][0]["id"]
    (folder / "people.csv").write_text(PEOPLE)
    person.upload(folder / "people.csv")
    person.call("POST", "/api/environments/", {"name": "plots", "requirements": "altair==5.5.0"})
    token = person.call("POST", "/api/tokens/", {"name": "nightly"})["token"]
    invitation = person.call("POST", f"/api/workspaces/{workspace}/invitations/", {"role": "viewer"})["link"]
    join(person.base + urllib.parse.urlparse(invitation).path)
    ids = {slug: person.call("POST", f"/api/samples/{slug}/open/", {})["id"] for slug in SAMPLES}
    ids["own"] = person.pipeline(document(NODES, EDGES, "People who bought"))
    wrong = {"people": NODES["people"], "ratio": ("transform.sql", {"query": "select cast(city as integer) as n from t1"})}
    ids["wrong"] = person.pipeline(document(wrong, "people.table ratio.t1", "Fails"))
    person.call("POST", f"/api/pipelines/{ids['own']}/versions/", {"name": "first"})
    person.set(ids["own"], "split", fraction=0.6)
    for id in (*ids.values(), ids["own"], ids["automobile_price"]):  # the last two are reused
        person.run(id)
    return {"workspace": workspace, "token": token, "ids": ids, "home": seen_home(person, workspace, ids)}


class Caller(Protocol):
    """Whoever asks the API as `Person` does."""

    def call(self, method: str, path: str, body: Any = None) -> Any: ...


def seen_home(caller: Caller, workspace: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """All that a person sees of a home, as far as it is there to stay."""
    return {
        "pipelines": {name: seen(caller, id) for name, id in ids.items()},
        "datasets": {one["name"]: [one["columns"], one["rows"]] for one in caller.call("GET", "/api/datasets/")},
        "environments": [one["name"] for one in caller.call("GET", "/api/environments/")],
        "members": [[one["user"]["name"], one["role"]] for one in caller.call("GET", f"/api/workspaces/{workspace}/members/")],
    }


def seen(caller: Caller, id: str) -> dict[str, Any]:
    """A pipeline with its versions and runs, and what the steps of its newest run left."""
    runs = [caller.call("GET", f"/api/runs/{run['id']}/") for run in caller.call("GET", f"/api/pipelines/{id}/runs/")]
    return {
        "id": id,
        "graph": caller.call("GET", f"/api/pipelines/{id}/graph/"),
        "problems": caller.call("GET", f"/api/pipelines/{id}/check/")["problems"],
        "versions": caller.call("GET", f"/api/pipelines/{id}/versions/"),
        "runs": [
            {"id": run["id"], "state": run["state"], "steps": {node: step["state"] for node, step in run["steps"].items()}} for run in runs
        ],
        "outputs": {f"{node}.{port}": look(caller, runs[0]["id"], node, port, record) for node, port, record in outputs(runs[0])},
    }


def outputs(run: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Which ports of a run have something, and what the run says of it."""
    for node, step in run["steps"].items():
        yield from ((node, port, record) for port, record in (step.get("outputs") or {}).items())


def look(caller: Caller, run: str, node: str, port: str, record: Any) -> dict[str, Any]:
    """What a step left: its record, with the first rows of a table or its report."""
    found, address = {"record": record}, f"/api/runs/{run}/outputs/{node}/{port}/"
    for view in ("rows/?limit=3", "report/"):
        with suppress(urllib.error.HTTPError):  # a kind that has none
            found[view] = caller.call("GET", address + view)
    return found


def join(link: str) -> None:
    """Accept an invitation as a new person."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = opener.open(link).read().decode()
    secret = re.search(r'csrfmiddlewaretoken" value="(\w+)"', form)
    assert secret
    answers = {"csrfmiddlewaretoken": secret[1], "email": "vera@example.com", "name": "Vera", "password": "a viewer's long words"}
    opener.open(urllib.request.Request(link, urllib.parse.urlencode(answers).encode(), {"Referer": link})).read()


def pack(home: Path, seen: Path, to: Path) -> None:
    """Pack a home whose processes have ended, without logs, and without the sample data, which every start provides."""
    for file in home.glob("*.log"):
        file.unlink()
    shutil.rmtree(home / "store" / "samples")
    with sqlite3.connect(home / "easel.sqlite3") as database:
        database.execute("VACUUM")
    database.close()
    with tarfile.open(to, "w:xz", preset=9) as archive:
        archive.add(home, "home")
        archive.add(seen, "seen.json")


def main() -> None:
    """Read the command line, work and pack."""
    parser = argparse.ArgumentParser(description="Make the fixture of a home.")
    parser.add_argument("checkout", type=Path)
    parser.add_argument("name", help="such as 2026-11, when the version was current")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        with started(home, root=asked.checkout) as person:
            facts = work(person, Path(folder))
            time.sleep(2)  # what is written when everything is quiet
        (Path(folder) / "seen.json").write_text(json.dumps(facts))
        pack(home, Path(folder) / "seen.json", HERE / f"{asked.name}.tar.xz")


if __name__ == "__main__":
    main()
