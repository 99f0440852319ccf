"""Files that would become far more than they are: judged before they are read, counted while they are written."""

from __future__ import annotations

import io
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from designer.datasets.parsing import room as rooms
from designer.datasets.parsing.decoded import judge_parquet
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import Options, parse
from designer.datasets.parsing.room import UNIT, Room, Writing

MB = 1024**2
# Started from a small process: what a child is started from counts as its own memory.
MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def same(rows: int, letters: int = 2000) -> pa.DictionaryArray:
    """One text, as often as there are rows."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, dtype="int32")), pa.array(["x" * letters]))


def parquet(column: Any, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table({"column": column}), file, compression="zstd", **options)
    return file.getvalue()


def arrow(column: Any, compression: str | None = "zstd") -> bytes:
    file = io.BytesIO()
    table = pa.table({"column": column})
    with pa.ipc.new_file(file, table.schema, options=pa.ipc.IpcWriteOptions(compression=compression)) as writer:
        writer.write_table(table)
    return file.getvalue()


def lists(values: Any, length: int) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(range(0, len(values) + 1, length), pa.int32()), values)


def views(rows: int) -> bytes:
    file = io.BytesIO()
    pl.read_parquet(parquet(same(rows).cast(pa.string()))).write_ipc(file, compression="zstd")
    return file.getvalue()


# Each takes 100 MB or more where every row is given its own value, and hardly anything as a file.
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "texts": ("parquet", lambda: parquet(same(60_000).cast(pa.string()))),
    "categories": ("parquet", lambda: parquet(same(60_000))),
    "texts in lists": ("parquet", lambda: parquet(lists(same(60_000).cast(pa.string()), 3))),
    "shared prefixes": (
        "parquet",
        lambda: parquet(same(60_000).cast(pa.string()), use_dictionary=False, column_encoding={"column": "DELTA_BYTE_ARRAY"}),
    ),
    "numbers": ("parquet", lambda: parquet(pa.array(np.zeros(13_000_000, dtype="int64")))),
    "numbers in lists": ("parquet", lambda: parquet(lists(pa.array(np.zeros(13_000_000, dtype="int64")), 1_000_000))),
    "packed numbers": ("arrow", lambda: arrow(pa.array(np.zeros(13_000_000, dtype="int64")))),
    "packed lists": ("arrow", lambda: arrow(lists(pa.array(np.zeros(13_000_000, dtype="int64")), 1_000_000))),
    "packed texts": ("arrow", lambda: arrow(same(60_000).cast(pa.string()))),
    "Arrow categories": ("arrow", lambda: arrow(same(60_000), None)),
    "Arrow views": ("arrow", lambda: views(60_000)),
}


@pytest.mark.parametrize("what", BOMBS)
def test_a_bomb_is_refused_before_it_is_read(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    format_, make = BOMBS[what]
    file = tmp_path / "upload"
    file.write_bytes(make())
    assert file.stat().st_size < MB
    for module in ("room", "decoded"):
        monkeypatch.setattr(f"designer.datasets.parsing.{module}.MOST_TABLE_BYTES", 50 * MB)
    monkeypatch.setattr(pl.LazyFrame, "sink_ipc", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(Unreadable) as refused:
        parse(file, format_, tmp_path / "out")
    assert refused.value.code == "too_large"
    assert "the maximum is 50 MB" in refused.value.words and " kB, and its table uses " in refused.value.words and refused.value.remedy
    assert [left.name for left in tmp_path.iterdir()] == ["upload"]


def test_a_bomb_costs_little_time_and_memory(tmp_path: Path) -> None:
    """With the limits as they are: 20 GB of one text in 40,000 rows, which take two hundred bytes each in the file."""
    file = tmp_path / "upload"
    file.write_bytes(parquet(same(40_000, 500_000)))
    command = [sys.executable, "-m", "designer.datasets.parsing", str(file), "parquet", str(tmp_path / "out"), "{}"]
    done = subprocess.run([sys.executable, "-c", MEASURED, *command], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    *_, said, kilobytes = done.stdout.splitlines()
    assert '"too_large"' in said
    assert int(kilobytes) / 1024 < 200
    assert [left.name for left in tmp_path.iterdir()] == ["upload"]


def test_the_footer_tells_what_fixed_widths_become(tmp_path: Path) -> None:
    """Per row: 2 bytes, 1, 8 for a decimal that becomes a float, 16 for a text that is missing, and an eighth."""
    kinds = [pa.float16(), pa.int8(), pa.decimal128(10, 2), pa.null(), pa.bool_()]
    table = pa.table({f"{place}": pa.nulls(1_000, kind) for place, kind in enumerate(kinds)})
    pq.write_table(table, tmp_path / "file")
    judged = []
    judge_parquet(tmp_path / "file", pq.read_metadata(tmp_path / "file"), (), lambda *sizes: judged.append(sizes))
    assert judged == [(27_125, 0)]


@pytest.mark.parametrize("format_", ["parquet", "arrow"])
def test_values_that_rows_share_do_not_count_where_the_table_shares_them_too(format_: str, tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(parquet(same(60_000).cast(pa.string())) if format_ == "parquet" else views(60_000))
    assert parse(file, format_, tmp_path / "out", options=Options(left=20 * MB)).rows == 60_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format_", "content"),
    [
        ("csv", b"a,b\n" + b"1.5,x\n" * 400_000),
        ("csv", ("a;b\n" + "1;grün\n" * 400_000).encode("latin-1")),
        ("json", b'{"a": 1.5, "b": "x"}\n' * 400_000),
        ("json", b"{" + b",".join(b'"c%d":1' % number for number in range(5_000)) + b"}\n" + b"{}\n" * 5_000),
        ("parquet", parquet(same(60_000))),
    ],
)
def test_a_table_that_its_workspace_has_no_room_for(format_: str, content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "upload"
    file.write_bytes(content)
    written = []
    watched = Writing._write_piece

    def noted(self: Writing, piece: memoryview) -> None:
        watched(self, piece)
        written.append(self.tell() if self.name == tmp_path / "out" else 0)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Unreadable) as refused:
        patch.setattr(Writing, "_write_piece", noted)
        parse(file, format_, tmp_path / "out", options=Options(left=3 * MB))
    assert refused.value.code == "store_full"
    assert "this workspace has 3 MB left" in refused.value.words and refused.value.remedy
    assert max(written, default=0) <= 3 * MB + UNIT
    assert not (tmp_path / "out.parts").exists()


def test_a_full_disk_ends_the_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "free_bytes", lambda folder: 0)
    for format_, content in (("csv", b"a,b\n" + b"1.5,x\n" * 400_000), ("parquet", parquet(pa.array(range(400_000))))):
        file = tmp_path / "upload"
        file.write_bytes(content)
        with pytest.raises(Unreadable) as refused:
            parse(file, format_, tmp_path / "out")
        assert refused.value.code == "disk_full" and refused.value.remedy


def test_two_uploads_at_once_share_what_is_left(tmp_path: Path) -> None:
    """Both write at the same time; together they never have more than what is left, and a unit."""
    left, most, lock = 20 * MB, 0, threading.Lock()
    started = threading.Barrier(2)

    def write(name: str) -> None:
        nonlocal most
        room = Room(tmp_path / name, left=left)
        with Writing(room.out, room) as file:
            started.wait()
            for _ in range(30):
                try:
                    file.write(b"x" * MB)
                except Unreadable:
                    return
                with lock:
                    most = max(most, sum(one.stat().st_size for one in tmp_path.iterdir()))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("upload-a", "upload-b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert 15 * MB < most <= left + UNIT


def test_an_upload_that_was_kept_meanwhile_still_counts(tmp_path: Path) -> None:
    room, other = Room(tmp_path / "upload-a", left=10 * MB), tmp_path / "upload-b"
    other.write_bytes(b"x" * 6 * MB)
    room.judge(MB)
    other.unlink()
    with pytest.raises(Unreadable) as refused:
        room.judge(5 * MB)
    assert refused.value.code == "store_full"
