"""Homes that earlier versions left open in this one: everything in them is there, readable, and runs again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.homes.make import seen_home
from tests.support.app_server import ROOT, started

ARCHIVES = sorted(Path(__file__).parent.glob("*.tar.xz"))


@pytest.fixture(params=ARCHIVES, ids=lambda archive: archive.name)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with an old home and what was seen of it."""
    with tarfile.open(request.param) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


# What later versions warn of beside what was said before.
WARNINGS = {"fitted_on_test_rows", "tested_on_training_rows", "label_in_features"}


def differences(before: Any, now: Any, at: str = "") -> Iterator[str]:
    """What is not as it was. Keys and warnings may have been added."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key, value in before.items():
            yield from differences(value, now[key], f"{at}/{key}") if key in now else [f"{at}/{key} is gone"]
    elif at.endswith("/problems"):
        known = [problem for problem in now if problem["code"] not in WARNINGS]
        yield from (
            differences(before, known, f"{at} before") if len(known) == len(before) else [f"{at} was {before!r:.200}, is {known!r:.200}"]
        )
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for place, pair in enumerate(zip(before, now, strict=True)):
            yield from differences(*pair, f"{at}/{place}")
    elif before != now:
        yield f"{at} was {before!r:.200}, is {now!r:.200}"


@pytest.mark.slow
def test_what_a_home_holds_is_seen_as_before_and_its_samples_run_again(old: Path) -> None:
    env = {**os.environ, "EASEL_HOME": str(old / "home")}
    command = [sys.executable, "-m", "tests.homes.opened", str(old / "seen.json")]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("The run is done.") == 2
    before, now = json.loads((old / "seen.json").read_text())["home"], json.loads(done.stdout)
    assert list(differences(before, now)) == []
    assert {problem["code"] for pipeline in now["pipelines"].values() for problem in pipeline["problems"]} <= WARNINGS


@pytest.mark.processes
def test_a_home_starts_as_it_does_for_its_owner_and_all_its_pipelines_run(old: Path) -> None:
    before = json.loads((old / "seen.json").read_text())
    with started(old / "home") as person:
        assert list(differences(before["home"], seen_home(person, before["workspace"], before["ids"]))) == []
        ids = before["ids"]
        assert {name: person.run(id)[1] for name, id in ids.items()} == {name: "failed" if name == "wrong" else "done" for name in ids}
        assert {name: person.run(id, force=True)[1] for name, id in ids.items() if name.startswith("automobile")} == {
            "automobile_price": "done",
            "automobile_price_advanced": "done",
        }
        first = before["home"]["pipelines"]["automobile_price"]["runs"][0]["id"]
        model = f"{person.base}/api/runs/{first}/outputs/train/model/download/?as=skops"
        with urllib.request.urlopen(urllib.request.Request(model, headers={"Authorization": f"Bearer {before['token']}"})) as answer:
            assert answer.read().startswith(b"PK"), "a skops file is a zip"
