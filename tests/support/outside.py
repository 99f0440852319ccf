"""Places outside Easel for modules under test: a folder and an SQLite database, made anew in each process."""

import atexit
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from designer.datasets.reader import READER
from pipelines.catalogue.connection import Connection, ConnectionKind
from pipelines.outside.reach import Reach, reaching

__all__ = ["CONNECTIONS", "FOLDER", "REACH", "reaching"]

FOLDER = Path(tempfile.mkdtemp(prefix="easel-outside-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
(FOLDER / "cars-1.csv").write_text("make,price\naudi,13950\nbmw,16430\n")
(FOLDER / "cars-2.csv").write_text("make,price\nvolvo,12940\n")
with closing(sqlite3.connect(FOLDER / "sales.sqlite")) as made, made:
    made.execute("CREATE TABLE cars (make TEXT, price INTEGER, weight REAL)")
    made.executemany("INSERT INTO cars VALUES (?, ?, ?)", [("audi", 13950, 2.5), ("bmw", None, 3.25), ("volvo", 12940, None)])
CONNECTIONS = {
    "folder": Connection("folder", ConnectionKind.FOLDER, str(FOLDER)),
    "database": Connection("database", ConnectionKind.DATABASE, f"sqlite:///{FOLDER}/sales.sqlite"),
}
REACH = Reach(read_folders=(FOLDER,), write_folders=(FOLDER,), reader=READER, step="run/node")
