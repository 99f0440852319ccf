"""The migrated SQLite database that test databases and new installations of tests start from: migrating takes five seconds of a processor.

It is kept until a migration changes. That an empty home is migrated when Easel starts is proven by tests/designer/site/test_supervisor.py.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parents[2]
NAME = "easel.sqlite3"


def lay(file: Path) -> bool:
    """Make a new database file a copy of the migrated one; returns whether there is one."""
    if not _kept().exists():
        return False
    shutil.copy(_kept(), file)
    file.chmod(0o600)
    return True


def keep() -> None:
    """Keep a copy of this process's database, which is migrated and has no rows of its own."""
    ours = _kept().with_suffix(f".{os.getpid()}")
    ours.parent.mkdir(parents=True, exist_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(ours)])
    with closing(sqlite3.connect(ours)) as copy:
        copy.execute("PRAGMA journal_mode=WAL")  # SQLite does not wait for this lock: of processes that start together, some would fail
    for earlier in set(ours.parent.glob("*.sqlite3")) - {_kept()}:
        earlier.unlink(missing_ok=True)
    ours.replace(_kept())


def migrate() -> None:
    """Migrate the database of this process."""
    file = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    is_new = file is not None and not file.exists()
    if file and is_new and lay(file):
        return
    call_command("migrate", verbosity=0, interactive=False)
    if is_new:
        keep()


@cache
def _kept() -> Path:
    """Its place, named by the migrations, those of Django among them."""
    found = hashlib.sha256(django.__version__.encode())
    for part in ("designer", "pipelines"):
        for file in sorted((ROOT / part).rglob("migrations/*.py")):
            found.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return ROOT / ".make" / "migrated" / f"{found.hexdigest()[:16]}.sqlite3"
