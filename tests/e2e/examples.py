"""What the tour of all views needs: pipelines that have run, failed or take long, a dataset, an environment."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.graphs import TABLE, chain
from tests.support.app_server import Person


def known(person: Person) -> dict[str, str]:
    """The ids that the paths name: pipelines that have run, one in every state, an empty one, one that takes long."""
    cars = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    person.run(cars)
    person.set(cars, "split", seed=7)
    person.run(cars)
    person.call("POST", f"/api/pipelines/{cars}/versions/", {"name": "first"})
    run, before = (each["id"] for each in person.call("GET", f"/api/pipelines/{cars}/runs/"))
    income = str(person.call("POST", "/api/samples/income/open/", {})["id"])
    person.run(income)
    states = person.pipeline(_every_state())
    person.run(states)
    person.run(states)
    failed = person.call("GET", f"/api/pipelines/{states}/runs/")[0]["id"]
    person.set(states, "old", mark=3)
    person.set(states, "split", stratify_by="nowhere")
    workspace = person.call("GET", "/api/me/")["workspaces"][0]["id"]
    environment = person.call("POST", "/api/environments/", {"name": "views", "requirements": "", "workspace": workspace})
    return {
        "cars": cars, "income": income, "states": states, "run": run, "before": before, "failed": failed, "environment": str(environment["id"]),
        "dataset": str(_upload(person)["id"]),
        "empty": person.pipeline({**chain(name="Empty"), "nodes": {}, "edges": []}),
        "waits": person.pipeline(chain(("wait", "trial.wait", {"seconds": 61}), ("after", "trial.pass_on", {}), name="Long")),
    }  # fmt: skip


def _upload(person: Person) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "views.csv"
        file.write_text(TABLE)
        return person.upload(file)


def _every_state() -> dict[str, Any]:
    """Done and reused, done with gaps, outdated, failed, left out, not configured."""
    graph = chain(("one", "trial.pass_on", {}), ("old", "trial.pass_on", {"mark": 2}), ("after", "trial.pass_on", {}), name="States")
    for place, (node, module) in enumerate((("fail", "trial.fail"), ("skipped", "trial.pass_on"), ("split", "transform.split_data"))):
        graph["nodes"][node] = {"module": module, "params": {}, "position": [320, 130 * place + 130]}
    graph["nodes"]["open"] = {"module": "training.train_model", "params": {}, "position": [-320, 260]}
    items = {"to": 30, "bad": "n7", "may_fail": 1, "scored": True}
    graph["nodes"]["spread"] = {"module": "trial.spread", "params": items, "position": [640, 130]}
    graph["edges"] += [
        ["source.table", "spread.table"],
        ["source.table", "fail.table"],
        ["fail.table", "skipped.table"],
        ["one.table", "open.table"],
        ["source.table", "split.table"],
    ]
    return graph
