"""Files of uploads that were broken off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from designer.datasets.cleanup import claim, claimed, delete_abandoned_uploads
from designer.store.tasks import clean_all
from designer.workspaces.models import Workspace
from pipelines import flow
from tests.support.installation import ROOT

CLAIMED_BY_ANOTHER = (
    "import fcntl, sys; file = open(sys.argv[1], 'wb'); fcntl.flock(file, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
)


@pytest.fixture
def received(tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "received"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)
    return folder


def old(file: Path) -> Path:
    file.touch()
    os.utime(file, (0, 0))
    return file


def test_what_nobody_needs_goes_however_young_its_day_is(received: Path) -> None:
    old(received / "of a dead process")
    needed = old(received / "being received")
    (received / "just made").touch()
    with needed.open("rb+") as handle:
        claim(handle)
        assert delete_abandoned_uploads() == 1
        assert sorted(left.name for left in received.iterdir()) == ["being received", "just made"]
    assert delete_abandoned_uploads() == 1


def test_a_claim_ends_with_its_process(received: Path) -> None:
    file = received / "upload"
    with subprocess.Popen([sys.executable, "-c", CLAIMED_BY_ANOTHER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        os.utime(file, (0, 0))
        assert delete_abandoned_uploads() == 0
        other.kill()
    assert delete_abandoned_uploads() == 1


def test_tables_half_written_go_with_their_parts(received: Path, workspace: Workspace) -> None:
    scratch = flow.store(workspace.pk).scratch()
    left, of_a_step = old(scratch.with_name("upload-0a")), old(scratch)
    (left.with_name("upload-0a.parts")).mkdir()
    with claimed(flow.store(workspace.pk).scratch()) as needed:
        os.utime(needed, (0, 0))
        assert delete_abandoned_uploads() == 1
        assert needed.exists() and of_a_step.exists()
        assert not left.exists() and not left.with_name("upload-0a.parts").exists()
    assert not needed.exists()
    of_a_step.unlink()


def test_a_table_goes_however_young_once_its_process_is_gone(received: Path, workspace: Workspace) -> None:
    left = flow.store(workspace.pk).scratch().with_name("upload-0b")
    left.touch()
    with claimed(flow.store(workspace.pk).scratch()) as needed:
        assert delete_abandoned_uploads() == 1
        assert needed.exists() and not left.exists()


@pytest.mark.slow
def test_a_web_process_that_starts_removes_them_without_asking_the_database(tmp_path: Path) -> None:
    left = tmp_path / "store" / "0c" / "scratch" / "upload-0d"
    left.parent.mkdir(parents=True)
    left.touch()
    env = {**os.environ, "EASEL_HOME": str(tmp_path), "EASEL_DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    subprocess.run([sys.executable, "-c", "import designer.config.asgi"], cwd=ROOT, env=env, check=True)
    assert not left.exists()


def test_the_hourly_cleaning_removes_them(received: Path, workspace: Workspace) -> None:
    old(received / "of a dead process")
    clean_all()
    assert list(received.iterdir()) == []
