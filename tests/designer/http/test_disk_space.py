"""On a full disk people can still read, sign in and delete; other changes are refused before they take the last of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest

from designer.http import disk_space
from tests.designer.conftest import Team
from tests.support.app_server import Person
from tests.support.installation import Home, wait_until
from tests.support.ports import free_port


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(disk_space, "database_file", lambda: tmp_path / "easel.sqlite3")
    return tmp_path


def with_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(disk_space.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))


def test_some_megabytes_are_held_back_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_free(monkeypatch, disk_space.HELD_BACK)
    disk_space.reserve()
    assert list(home.iterdir()) == []
    with_free(monkeypatch, 10 * disk_space.HELD_BACK)
    disk_space.reserve()
    disk_space.reserve()
    assert [(file.name, file.stat().st_size) for file in home.iterdir()] == [("held-back", disk_space.HELD_BACK)]


def test_what_is_refused_and_what_makes_room(team: Team, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "held-back").touch()
    client = team.client("editor")
    made = client.post("/api/pipelines/", {"name": "Cars"}, format="json").json()["id"]
    with_free(monkeypatch, 1024)
    assert client.get("/api/pipelines/").status_code == 200
    refused = client.post("/api/pipelines/", {"name": "More"}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"], refused.headers["Retry-After"]) == (503, "disk_full", "60")
    assert (home / "held-back").exists()
    assert client.delete(f"/api/pipelines/{made}/").status_code == 204
    assert not (home / "held-back").exists()


def test_another_database_looks_after_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    postgresql = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "easel"}}
    monkeypatch.setattr(disk_space, "settings", SimpleNamespace(DATABASES=postgresql))
    with_free(monkeypatch, 0)
    assert not disk_space.is_scarce()
    assert disk_space.hold_connection_open() is None


def fill(disk: Path) -> None:
    """Until not a byte is free."""
    with (disk / "ballast").open("wb", buffering=0) as ballast:
        for size in (2**20, 2**12, 1):
            try:
                while ballast.write(b"\0" * size):
                    pass
            except OSError:
                continue


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_real_disk_that_is_full(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700m", "easel", disk], check=True)
    try:
        with Home(env={"EASEL_HOME": str(disk / "home")}) as home:
            link = home.prepare()
            port = free_port()
            home.python("-m", "designer.site.server", "--port", str(port), stderr=(tmp_path / "log").open("w"))
            wait_until(lambda: (disk / "home" / "held-back").exists(), 60)
            base = f"http://127.0.0.1:{port}"
            person = wait_until(lambda: reached(base, link, tmp_path), 60)
            made = [person.call("POST", "/api/pipelines/", {"name": name})["id"] for name in "abc"]
            fill(disk)
            assert shutil.disk_usage(disk).free == 0
            assert {found["id"] for found in person.call("GET", "/api/pipelines/")} >= set(made)
            with pytest.raises(HTTPError) as refused:
                person.call("POST", "/api/pipelines/", {"name": "no"})
            assert (refused.value.code, json.load(refused.value)["error"]["code"]) == (503, "disk_full")
            for pipeline in made:
                person.call("DELETE", f"/api/pipelines/{pipeline}/")
            (disk / "ballast").unlink()
            person.call("POST", "/api/pipelines/", {"name": "yes"})
        assert not re.search("Traceback", (tmp_path / "log").read_text())
    finally:
        subprocess.run(["umount", disk], check=True)


def reached(base: str, link: str, folder: Path) -> Person | None:
    try:
        return Person(base, base + link, folder, 0)
    except OSError:
        return None
