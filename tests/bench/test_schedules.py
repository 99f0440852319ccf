"""A small form of each part of `tests.bench.schedules` that proves something: the figures are right, whatever they take."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.app_server import ROOT


@pytest.mark.processes
def test_schedulers_are_killed_and_events_come_between_pauses() -> None:
    """Twelve kills and two hundred events; the bench has 200 and 10,000."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.schedules", "kills=12", "events=200"], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"doubled": 0' in done.stdout and '"lost": 0' in done.stdout
