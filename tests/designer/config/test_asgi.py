"""A web process that starts imports no library that only a step or a rare request needs."""

import os
import subprocess
import sys

import pytest

from tests.support.installation import ROOT

HEAVY = ("sklearn", "scipy", "lightgbm", "skops", "duckdb", "pandas", "matplotlib", "docker", "sqlalchemy", "torch")
LOOK = f"import sys, designer.config.asgi; print([name for name in {HEAVY} if name in sys.modules])"


@pytest.mark.slow
def test_a_web_process_starts_without_heavy_libraries(tmp_path):
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "designer.config.settings", "EASEL_HOME": str(tmp_path)}
    assert subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout == "[]\n"
