"""The import contracts of pyproject.toml hold; CI runs this test, and not the linters."""

import subprocess
import sys
from pathlib import Path


def test_every_import_contract_holds():
    # A process of its own: the linter sets up logging for all that runs beside it.
    linted = subprocess.run([Path(sys.executable).with_name("lint-imports"), "--no-cache"], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout
