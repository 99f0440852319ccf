"""Parity: every sample is run and published, and its endpoint gives what Score Model gave. Run: python -m tests.bench.parity [SAMPLE ...]

All rows that the run scored are asked of one installation: each in a request of its own, all together in both JSON forms, and column by column in the
Open Inference Protocol. They are asked again after `kill -9` of the serving process, and after a restart of the whole product. Where the modules are
executed on tables, at most 200 rows that are evenly spread get a request of their own, and 50 where a step runs in a sandbox. Each model is written as
an ONNX file, and its difference is told beside. Prints a table of largest differences, or why something is refused. Fails where a bit differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.graph import codec
from pipelines.serving.derivation import choices
from tests.bench.parity_asking import HEAD, Served, ask, kill_server, wait_for
from tests.support.app_server import ROOT, Person, started
from tests.support.module_runner import DOCUMENTS, sample
from tests.support.process_groups import wait_until

AUTOML, AUTOML_SECONDS = "training.train_best_model", 40
LIMITS = {"rate": 10_000_000, "body_bytes": 100_000_000, "seconds": 120}


def publish(person: Person, slug: str) -> Iterator[Served]:
    """Run a sample, and publish each of its outputs with scores."""
    graph = codec.load(sample(slug))
    used = {id: catalogue().modules[node.module] for id, node in graph.nodes.items()}
    if absent := {module.extra for module in used.values() if not module.is_installed}:
        yield Served(slug, "—", f"not measured: the extra {', '.join(sorted(map(str, absent)))} is not installed")
        return
    pipeline = person.call("POST", f"/api/samples/{slug}/open/", {})["id"]
    for id, module in used.items():
        if module.id == AUTOML:
            person.set(pipeline, id, seconds=AUTOML_SECONDS)
    state = person.run(pipeline)[1]
    run = person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"]
    for end in choices(graph, catalogue()) or [None]:
        one = Served(slug, str(end or "—"))
        if state != "done":
            one.words = f"the run is {state}"
        else:
            _publish(person, one, run)
            one.run = run
        yield one


def _publish(person: Person, one: Served, run: str) -> None:
    name = f"{one.sample}-{one.scored.partition('.')[0]}".replace("_", "-").rstrip("-—")[:60]
    node = {"node": one.scored} if one.scored != "—" else {}
    one.endpoint = person.call("POST", "/api/endpoints/", {"name": name, "run": run, "limits": LIMITS, **node})["id"]

    def newest() -> Any:
        seen = person.call("GET", f"/api/endpoints/{one.endpoint}/")
        return seen if seen["listed"][0]["state"] in ("serving", "failed") else None

    seen = wait_until(newest, 600)
    version, one.address = seen["listed"][0], seen["address"]
    if version["state"] == "failed":
        one.words = f"refused: {version['reason']}"
        return
    proof = version["parity"]
    made = next((case["rows"] for case in proof["cases"] if case["name"] == "made_rows"), 0)
    one.mode, one.proof = proof["mode"], f"{proof['held_out']} + {made} made: {proof['largest']:.2g}"
    one.key = person.call("POST", f"/api/endpoints/{one.endpoint}/keys/", {"name": "bench"})["key"]


def onnx_of(person: Person, one: Served) -> str:
    """Write the model that gave the scores as an ONNX file; its largest difference, or why there is none."""
    node = one.scored.partition(".")[0]
    model = next((source for source, target in sample(one.sample)["edges"] if target == f"{node}.model"), None)
    if model is None:
        return "—"
    try:
        made = person.call(
            "POST",
            "/api/models/",
            {
                "run": one.run,
                **dict(zip(("node", "port"), model.split("."), strict=True)),
                "name": f"{one.sample}-{node}".replace("_", "-"),
            },
        )
        address = f"/api/models/{made['id']}/versions/{made['version']}/onnx/"
        person.call("POST", address, {})
    except urllib.error.HTTPError as refused:
        return f"refused: {json.loads(refused.read())['error']['words']}"
    seen = wait_until(lambda: (found := person.call("GET", address))["state"] != "going" and found, 300)
    if seen["fault"]:
        return f"refused: {seen['fault']['words']}"
    away = seen["difference"]
    labels = f", {away['labels']} other labels" if away["labels"] else ""
    return f"{away['largest']:.2g} ({away['bits']} bits, {away['rows']} rows{labels})"


def add_rows(home: Path, served: list[Served]) -> None:
    """Give each published output its held-out rows."""
    env = {**os.environ, "EASEL_HOME": str(home), "DJANGO_SETTINGS_MODULE": "designer.config.settings", "EASEL_MODULES": ""}
    command = [sys.executable, "-m", "tests.bench.parity_rows", *(one.endpoint for one in served)]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        for one in served:
            one.asked = json.loads(child.stdout.readline())


def measure(slugs: list[str], *, onnx: bool = True) -> list[Served]:
    """Publish the samples on a new installation, and ask."""
    with tempfile.TemporaryDirectory(prefix="easel-bench-") as folder:
        home, env = Path(folder), {"EASEL_MODULES": ""}
        with started(home, env) as person:
            found: list[Served] = []
            for slug in slugs:
                new = list(publish(person, slug))
                print(f"published: {slug} {[one.words or one.proof for one in new]}", file=sys.stderr, flush=True)
                if ready := [one for one in new if not one.words]:
                    add_rows(home, ready)
                    wait_for(ready)
                    ask(ready, "published")
                found += new
            served = [one for one in found if not one.words]
            for one in served if onnx else ():
                one.onnx = onnx_of(person, one)
            kill_server(person, served)
            ask(served, "killed")
        with started(home, env) as person:
            for one in served:
                one.address = person.call("GET", f"/api/endpoints/{one.endpoint}/")["address"]
            wait_for(served)
            ask(served, "restarted")
    return found


def main() -> None:
    """Measure the samples that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.parity", description="Compare the endpoints of the samples with Score Model."
    )
    parser.add_argument("samples", nargs="*", metavar="SAMPLE")
    parser.add_argument("--no-onnx", dest="onnx", action="store_false", help="write no ONNX files, which takes a third of the time")
    asked = parser.parse_args()
    found = measure(asked.samples or sorted(file.stem for file in DOCUMENTS.glob("*.json")), onnx=asked.onnx)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    print("\n".join(map(str, found)), flush=True)
    if wrong := [f"{one.sample} {one.scored}" for one in found if not one.is_equal]:
        sys.exit(f"Not equal to the last bit: {', '.join(wrong)}.")


if __name__ == "__main__":
    main()
