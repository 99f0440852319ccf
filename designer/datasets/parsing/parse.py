"""Parses an uploaded file into an uncompressed Arrow file and its description."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from designer.datasets.parsing.archives import read_archive, read_tar
from designer.datasets.parsing.columnar import read_arrow, read_parquet
from designer.datasets.parsing.delimited import find_layout, write_text_rows
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.excel import read_workbook
from designer.datasets.parsing.formats import TITLES, check_beginning
from designer.datasets.parsing.json_lines import read_json
from designer.datasets.parsing.limits import MOST_TABLE_BYTES
from designer.datasets.parsing.room import Room, Writing, disk_full
from designer.datasets.parsing.text import read_text
from pipelines.catalogue.ports import ColumnRole
from pipelines.execution.memory import in_words
from pipelines.execution.output import describe_column
from pipelines.texts.kinds import TextType
from pipelines.texts.rules import USUAL, Rules
from pipelines.texts.typed import MOMENTS, PLAIN, WITH_COMMA, typed

Tell = Callable[[int, str], None]


@dataclass(frozen=True)
class Parsed:
    """A parsed file: rows, columns as the API shows them, the encoding of a text file, and notes for the user."""

    rows: int
    columns: list[dict[str, Any]]
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The description as the child process prints it."""
        return asdict(self)


@dataclass(frozen=True)
class Options:
    """Options: how the text is parsed, and the bytes left in the workspace; None without a limit."""

    rules: Rules = USUAL
    left: int | None = None


DEFAULT = Options()


def _silent(done: int, words: str) -> None:
    pass


def parse(path: Path, format_: str, out: Path, tell: Tell = _silent, options: Options = DEFAULT) -> Parsed:
    """Parse a file of a format into an Arrow file at `out`. Temporary files beside `out` are removed.

    Args:
        path: The file.
        format_: The format of its name.
        out: The path of the table.
        tell: Receives the progress.
        options: The parsing options.

    Raises:
        Unreadable: With a sentence and a remedy, whatever the file is.
    """
    scratch = out.with_name(out.name + ".parts")
    room = Room(out, path.stat().st_size, options.left)
    try:
        scratch.mkdir()
        return _parse(path, format_, scratch, tell, options.rules, room)
    except Unreadable:
        raise
    except MemoryError as wrong:
        raise Unreadable("too_large", "Reading the file exceeds the memory limit.", "Split the file, or save it as Parquet.") from wrong
    except OSError as wrong:
        raise room.refused or _no_room(wrong) from wrong
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as wrong:  # Polars panics are not Exceptions, and a file may fail only its own upload
        if room.refused:  # writing was stopped, whatever error Polars raised
            raise room.refused from wrong
        raise Unreadable(
            "unreadable",
            f"The file could not be read as {TITLES[format_]}; it is damaged, or uses unsupported features.",
            "Open it in the program that created it and save it again, or save it as CSV in UTF-8.",
        ) from wrong
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _parse(path: Path, format_: str, scratch: Path, tell: Tell, rules: Rules, room: Room) -> Parsed:
    check_beginning(path, format_)
    encoding: str | None = None
    candidates: Sequence[TextType] = MOMENTS
    notes: list[str] = []
    match format_:
        case "parquet":
            frame, found = read_parquet(path, room)
        case "arrow":
            frame, found = read_arrow(path, room)
        case "xlsx":
            frame, found = read_workbook(path, rules.small)
            candidates = PLAIN
        case "zip":
            frame, found = read_archive(path, room)
        case "tar":
            frame, found = read_tar(path, room)
        case _:
            text = read_text(path, scratch / "text", room)
            encoding, notes = text.encoding, [text.note] if text.note else []
            if format_ == "json":
                frame, found = read_json(text, scratch / "parts", rules, room)
            else:
                layout = find_layout(text, rules.small)
                write_text_rows(text, layout, scratch / "rows", lambda done: tell(done, "Reading rows"), room)
                frame, found = pl.scan_ipc(scratch / "rows", glob=False), list(layout.notes)
                candidates = PLAIN if layout.delimiter == "," else WITH_COMMA
    tell(path.stat().st_size, "Detecting types")
    if format_ not in ("parquet", "arrow", "zip", "tar"):
        frame, more = typed(frame, candidates, rules)
        found += more
    rows, columns = _write(frame, room)
    return Parsed(rows, columns, encoding, notes + found)


def _write(frame: pl.LazyFrame, room: Room) -> tuple[int, list[dict[str, Any]]]:
    with Writing(room.out, room) as file:
        frame.sink_ipc(file, compression="uncompressed")
    kept = pl.scan_ipc(room.out, glob=False)
    rows = int(kept.select(pl.len()).collect().item())
    if not rows:
        with suppress(FileNotFoundError):
            room.out.unlink()
        raise Unreadable("no_rows", "The file has columns but no rows.", "Upload a file with at least one row.")
    return rows, [msgspec.structs.asdict(describe_column(name, dtype, ColumnRole())) for name, dtype in kept.collect_schema().items()]


def _no_room(wrong: OSError) -> Unreadable:
    if wrong.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    if wrong.errno == errno.EFBIG:
        words = f"The table is larger than {in_words(MOST_TABLE_BYTES)}."
        return Unreadable("too_large", words, "Upload fewer rows or columns, or split the file.")
    return Unreadable(
        "unreadable",
        "The file could not be read: it is damaged or incomplete.",
        "Upload it again; if it was downloaded, download it again.",
    )
