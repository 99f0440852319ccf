"""Periodic tasks go on when the process that sends them ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from types import SimpleNamespace

import celery
import pytest
from celery.beat import EmbeddedService

from designer.config.celery import app
from pipelines.runtime.worker import beat
from pipelines.runtime.worker.beat import Beat, BeatStep
from tests.support.process_groups import wait_until


def test_the_applications_workers_look_after_their_beat():
    assert BeatStep in app.steps["worker"]


def test_when_tasks_were_sent_is_kept_without_a_database(tmp_path: Path):
    file = tmp_path / "beat"
    first = Beat(app, schedule_filename=str(file), lazy=False)
    first.schedule["clean"].total_run_count = 7
    first.close()
    again = Beat(app, schedule_filename=str(file), lazy=False)
    assert again.schedule["clean"].total_run_count == 7
    again.close()
    assert app.conf.beat_scheduler == "pipelines.runtime.worker.beat:Beat"
    assert not any(each.read_bytes().startswith(b"SQLite") for each in tmp_path.iterdir())


@pytest.mark.parametrize("left", [b"", b"no pickle"])
def test_a_damaged_file_is_begun_again(tmp_path: Path, left: bytes):
    file = tmp_path / "beat"
    Beat(app, schedule_filename=str(file), lazy=False).close()
    data = file.with_suffix(".dat")
    data.write_bytes(left + data.read_bytes()[len(left) :] if left else b"")
    again = Beat(app, schedule_filename=str(file), lazy=False)
    assert "clean" in again.schedule
    again.close()


def test_a_killed_beat_is_started_again_and_ends_with_the_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(beat, "LOOK_SECONDS", 0.05)
    fresh = celery.Celery("fresh", set_as_current=False, broker="memory://")
    options = {"schedule_filename": str(tmp_path / "beat"), "scheduler_cls": None}
    worker = SimpleNamespace(
        app=fresh, schedule_filename=options["schedule_filename"], scheduler=None, beat=EmbeddedService(fresh, **options)
    )
    worker.beat.start()
    first, step = worker.beat.pid, BeatStep(worker)
    step.start(worker)
    try:
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker.beat.pid not in (None, first) and worker.beat.is_alive())
    finally:
        step.stop(worker)
    wait_until(lambda: not worker.beat.is_alive())


def test_a_worker_without_a_beat_gets_none():
    worker = SimpleNamespace(beat=None)
    step = BeatStep(worker)
    step.start(worker)
    step.stop(worker)
    assert worker.beat is None
