"""One peer, in an environment of its own, so that ours stays clean: Kedro, in one process, one Parquet file per step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.bench.baselines import SAMPLES
from tests.support.app_server import ROOT

WANTED = ROOT / "requirements-bench.txt"
HOME = ROOT / ".make" / "peer"


def kedro(steps: int = 100) -> float | None:
    """Milliseconds per step of a chain; None, with the reason on stderr, when it cannot be installed here."""
    python, installed = HOME / "bin" / "python", HOME / "installed"
    uv = Path(sys.executable).with_name("uv")
    try:
        if not installed.exists() or installed.read_text() != WANTED.read_text():
            subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, HOME], check=True)
            subprocess.run([uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, "-r", WANTED], check=True)
            installed.write_text(WANTED.read_text())
    except (OSError, subprocess.CalledProcessError) as fault:
        print(f"Kedro is not measured: it could not be installed ({fault})", file=sys.stderr)
        return None
    command = [python, Path(__file__).with_name("kedro_chain.py"), SAMPLES / "automobile_price.csv", str(steps)]
    env = {**os.environ, "DO_NOT_TRACK": "1"}
    return float(subprocess.run(command, check=True, env=env, stdout=subprocess.PIPE, text=True).stdout.split()[-1])
