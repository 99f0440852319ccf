"""Parity: every sample is run and published, and its endpoint gives what Score Model gave. Run: python -m tests.bench.parity [SAMPLE ...]

All rows that the run scored are asked of one installation: each in a request of its own, all together in both JSON forms, and column by column in the
Open Inference Protocol. They are asked again after `kill -9` of the serving process, and after a restart of the whole product. Where the modules are
executed on tables, at most 200 rows that are evenly spread get a request of their own, and 50 where a step runs in a sandbox. Each model is written as
an ONNX file, and its difference is told beside. Prints a table of largest differences, or why something is refused. Fails where a bit differs.

With `--home FOLDER` the installation is kept there. What a former call published there is not run again, so a call that was stopped goes on where it
was; what it asked then is asked again for the time after a restart. `--alone N` gives at most N rows a request of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import Module
from pipelines.graph import codec
from pipelines.serving.derivation import choices
from tests.bench.parity_asking import FAILED, HEAD, PATIENCE, Served, ask, kill_server, wait_for
from tests.support.app_server import ROOT, Person, started
from tests.support.module_runner import DOCUMENTS, sample
from tests.support.process_groups import wait_until

AUTOML, AUTOML_SECONDS = "training.train_best_model", 40
CLUSTERING = "training.train_clustering"
LIMITS = {"rate": 10_000_000, "body_bytes": 100_000_000, "seconds": 120}


def scored(graph: dict[str, Any]) -> dict[str, Any]:
    """The document of a sample; models of clusterings that have no Score Model get one."""
    used = {source for source, _ in graph["edges"]}
    for id in [id for id, node in graph["nodes"].items() if node["module"] == CLUSTERING and f"{id}.model" not in used]:
        table = next(source for source, target in graph["edges"] if target == f"{id}.table")
        graph["nodes"][f"score_{id}"] = {"module": "scoring.score_model", "params": {}, "position": [0, 0]}
        graph["edges"] += [[f"{id}.model", f"score_{id}.model"], [table, f"score_{id}.table"]]
    return graph


def publish(person: Person, slug: str) -> list[Served]:
    """Run a sample, and publish each of its outputs with scores that is not yet published."""
    graph = codec.load(scored(sample(slug)))
    used = {id: catalogue().modules[node.module] for id, node in graph.nodes.items()}
    if absent := {module.extra for module in used.values() if not module.is_installed}:
        return [Served(slug, "—", f"not measured: the extra {', '.join(sorted(map(str, absent)))} is not installed")]
    found = [Served(slug, str(end or "—")) for end in choices(graph, catalogue()) or [None]]
    published = {each["name"]: each["id"] for each in person.call("GET", "/api/endpoints/")}
    if any(one.name not in published for one in found):
        run, state = _run(person, slug, used)
    for one in found:
        if one.name in published:
            one.endpoint = published[one.name]
        elif state == "done":
            node = {"node": one.scored} if one.scored != "—" else {}
            one.endpoint = person.call("POST", "/api/endpoints/", {"name": one.name, "run": run, "limits": LIMITS, **node})["id"]
        else:
            one.words = f"{FAILED}the run is {state}"
            continue
        _wait(person, one)
    return found


def _run(person: Person, slug: str, used: Mapping[str, Module]) -> tuple[str, str]:
    """The last run of a sample, and how it ended."""
    pipeline = person.call("POST", f"/api/samples/{slug}/open/", {})["id"]
    opened = person.call("GET", f"/api/pipelines/{pipeline}/graph/")
    if len(opened["nodes"]) < len(used):
        person.put(pipeline, scored(opened))
    for id, module in used.items():
        if module.id == AUTOML:
            person.set(pipeline, id, seconds=AUTOML_SECONDS)
    state = person.run(pipeline, patience=PATIENCE)[1]
    return person.call("GET", f"/api/pipelines/{pipeline}/runs/")[0]["id"], state


def _wait(person: Person, one: Served) -> None:
    """Wait until the first version of its endpoint serves; note its proof, and make a key."""

    def newest() -> Any:
        seen = person.call("GET", f"/api/endpoints/{one.endpoint}/")
        return seen if seen["listed"][0]["state"] in ("serving", "failed") else None

    seen = wait_until(newest, PATIENCE, every=2)  # each look takes processor time from the proof
    version, one.address, one.run = seen["listed"][0], seen["address"], seen["listed"][0]["run"]
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
    model = next((source for source, target in scored(sample(one.sample))["edges"] if target == f"{node}.model"), None)
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


def measure(slugs: list[str], home: Path, *, onnx: bool = True, most_alone: int | None = None) -> list[Served]:
    """Publish the samples on an installation, and ask."""
    env = {"EASEL_MODULES": ""}
    with started(home, env) as person:
        found: list[Served] = []
        for slug in slugs:
            found += _published(person, slug, most_alone)
        served = [one for one in found if not one.words]
        for one in served if onnx else ():
            one.onnx = onnx_of(person, one)
        if alive := [one for one in served if "killed" not in one.found]:
            kill_server(person, alive)
            ask(alive, "killed", home)
    if rest := [one for one in served if "restarted" not in one.found]:
        with started(home, env) as person:
            for one in rest:
                one.address = person.call("GET", f"/api/endpoints/{one.endpoint}/")["address"]
            wait_for(rest)
            ask(rest, "restarted", home)
    return found


def _published(person: Person, slug: str, most_alone: int | None) -> list[Served]:
    """A sample that is published and asked for the first time; what goes wrong with it does not end the others."""
    try:
        new = publish(person, slug)
        if ready := [one for one in new if not one.words]:
            for one in ready:
                one.recall(person.home)
                one.most_alone = most_alone
            if new_ones := [one for one in ready if not one.asked]:
                add_rows(person.home, new_ones)
            wait_for(ready)
    except (OSError, AssertionError, ValueError) as wrong:  # of requests, of a wait that is over, of what is no JSON
        new, ready = [Served(slug, "—", f"{FAILED}{type(wrong).__name__} {wrong}")], []
    print(f"published: {slug} {[one.words or one.proof for one in new]}", file=sys.stderr, flush=True)
    ask([one for one in ready if "published" in one.found], "restarted", person.home)
    ask([one for one in ready if "published" not in one.found], "published", person.home)
    return new


def main() -> None:
    """Measure the samples that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.parity", description="Compare the endpoints of the samples with Score Model."
    )
    parser.add_argument("samples", nargs="*", metavar="SAMPLE")
    parser.add_argument("--no-onnx", dest="onnx", action="store_false", help="write no ONNX files, which takes a third of the time")
    parser.add_argument("--alone", type=int, metavar="N", help="give at most N rows a request of their own")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="keep the installation there, and go on with what is published there")
    asked = parser.parse_args()
    if asked.home:
        asked.home.mkdir(parents=True, exist_ok=True)
    slugs = asked.samples or sorted(file.stem for file in DOCUMENTS.glob("*.json"))
    with nullcontext(asked.home) if asked.home else tempfile.TemporaryDirectory(prefix="easel-bench-") as home:
        found = measure(slugs, Path(home), onnx=asked.onnx, most_alone=asked.alone)
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    print("\n".join(map(str, found)), flush=True)
    if wrong := [f"{one.sample} {one.scored}" for one in found if not one.is_equal]:
        sys.exit(f"Not equal to the last bit: {', '.join(wrong)}.")


if __name__ == "__main__":
    main()
