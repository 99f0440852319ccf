"""Two that prepare at once do it one after the other, on one machine and on several."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.installation import ROOT, Home

pytestmark = [pytest.mark.processes, pytest.mark.slow]


def test_on_several_machines_with_one_empty_database(tmp_path: Path) -> None:
    with Home(team=True) as home:
        shared = {"EASEL_SECRET_KEY": "k" * 60, "EASEL_STORE_URL": (tmp_path / "store").as_uri()}
        machines = [
            subprocess.Popen(
                [sys.executable, "manage.py", "prepare"],
                cwd=ROOT,
                env={**os.environ, **home.env, **shared, "EASEL_HOME": str(tmp_path / name)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in ("one", "two", "three")
        ]
        said = [machine.communicate(timeout=120) for machine in machines]
        assert [machine.returncode for machine in machines] == [0, 0, 0], said
        assert all(out.startswith("/sign-in/link/") and err == "" for out, err in said), said
