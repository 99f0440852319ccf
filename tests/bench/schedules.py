"""Schedules: `python -m tests.bench.schedules times events kills upgrade delay`, or some of these; `kills=20` sets a number,
and `postgresql` takes that database in place of SQLite.

Prints JSON; exits with 1 when a figure is wrong.

- times: ten years in every time zone: a fixed time once per existing local date, intervals exact.
- events: ten thousand events with pauses and runs in progress: none lost, none used twice.
- kills: two schedulers that are killed two hundred times, with edits between and the clock set: each planned instant one row, each started row one run.
- upgrade: the same, begun by the schedulers of an earlier version (`schedule_kills.EARLIER`); it needs the history of the repository.
- delay: from the planned instant to the run, of schedules that are due at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext

from tests.support.databases import postgresql

POSTGRESQL = "postgresql"
PARTS = ("times", "events", "kills", "upgrade", "delay")
PROGRAM = """
import json, sys
from tests.bench import schedule_parts
name, _, number = sys.argv[1].partition("=")
found = schedule_parts.PARTS[name](*([int(number)] if number else []))
print(json.dumps({name: found}), flush=True)
sys.exit(bool(found["wrong"]))
"""
FRESH = {
    "EASEL_MODULES": "",
    "EASEL_LOG_LEVEL": "ERROR",
    "EASEL_BROKER_URL": "memory://",
    "EASEL_CHANNEL_URL": "memory://",
    "DJANGO_SETTINGS_MODULE": "designer.config.settings",
}


def main() -> None:
    """Measure the requested parts, each on a home of its own."""
    asked = [part for part in sys.argv[1:] if part != POSTGRESQL] or PARTS
    codes = []
    for part in asked:
        with tempfile.TemporaryDirectory(prefix="easel-bench-") as home, postgresql() if POSTGRESQL in sys.argv else nullcontext("") as url:
            outer = {name: value for name, value in os.environ.items() if name not in ("EASEL_DATABASE_URL", "EASEL_STORE_URL")}
            env = {**outer, **FRESH, "EASEL_HOME": home, "EASEL_DATABASE_URL": url}
            codes.append(subprocess.run([sys.executable, "-c", PROGRAM, part], env=env).returncode)
    sys.exit(max(codes))


if __name__ == "__main__":
    main()
