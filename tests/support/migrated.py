"""The migrated SQLite database that new installations of a test session start from: migrating takes three seconds of a processor.

That an empty home is migrated when Easel starts is proven by tests/designer/site/test_supervisor.py.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tests.support.prefork import ADDRESS

NAME = "easel.sqlite3"


def lay(file: Path) -> bool:
    """Make a new database file a copy of the session's; returns whether there is one."""
    kept = _kept()
    if kept is None or not kept.exists():
        return False
    shutil.copy(kept, file)
    file.chmod(0o600)
    return True


def migrate() -> None:
    """Migrate the database of this process; the first new SQLite file of a session is copied for the others."""
    file = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    is_new = file is not None and not file.exists()
    if file and is_new and lay(file):
        return
    call_command("migrate", verbosity=0, interactive=False)
    kept = _kept()
    if is_new and kept:
        ours = kept.with_suffix(f".{os.getpid()}")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(ours)])
        with closing(sqlite3.connect(ours)) as copy:
            copy.execute("PRAGMA journal_mode=WAL")  # SQLite does not wait for this lock: of processes that start together, some would fail
        ours.replace(kept)


def _kept() -> Path | None:
    """Its place beside the socket of the prefork server, which deletes it; None where the session has no such server."""
    return Path(os.environ[ADDRESS]).with_name(NAME) if ADDRESS in os.environ else None
