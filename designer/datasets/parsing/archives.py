"""Archives: Excel workbooks are checked before anything is unpacked; any other ZIP or TAR archive becomes a table of its files."""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

import polars as pl

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_FILES,
    ARCHIVE_FREE_BYTES,
    ARCHIVE_RATIO,
    MOST_ARCHIVED_BYTES,
    MOST_ARCHIVED_FILES,
)
from designer.datasets.parsing.room import Room
from pipelines.execution.memory import in_words

DAMAGED = "Open it in a spreadsheet program and save it again as .xlsx; if it was downloaded, download it again."

FAULTS = (zipfile.BadZipFile, zlib.error, tarfile.TarError, lzma.LZMAError, OSError, ValueError, NotImplementedError, EOFError)
SCHEMA = {"path": pl.String, "bytes": pl.Int64, "content": pl.Binary}
BESIDE = ("__MACOSX/", ".DS_Store")  # what a desktop adds
OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\x00", lzma.open))

PIECE = 1024**2

Entry = tuple[str, int, AbstractContextManager[IO[bytes]]]  # the path of a file, its size, and what opens it
FLAG_UTF_8 = 0x800


def read_archive(path: Path, room: Room) -> tuple[pl.LazyFrame, list[str]]:
    """The files of a ZIP archive as rows: path, size, content. Links and what a desktop adds are left out, with a note.

    No more is unpacked of a file than the directory says it has.

    Raises:
        Unreadable: When it is damaged, encrypted, a workbook, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_archive(entries)
            kept = [entry for entry in entries if not _is_beside(entry) and not entry.is_dir()]
            rows = _unpacked(((_name(entry), entry.file_size, archive.open(entry)) for entry in kept), room)
    except FAULTS as wrong:
        raise Unreadable("damaged", "The ZIP archive is damaged or incomplete.", "Create it again, or download it again.") from wrong
    return rows, _left_out(sum(_is_beside(entry) for entry in entries))


def read_tar(path: Path, room: Room) -> tuple[pl.LazyFrame, list[str]]:
    """The files of a TAR archive, which may be compressed, as rows as of a ZIP archive.

    Raises:
        Unreadable: When it is damaged, or too large when unpacked.
    """
    left_out = 0

    def entries(archive: tarfile.TarFile) -> Iterator[Entry]:
        nonlocal left_out
        for seen, member in enumerate(archive):
            if seen >= MOST_ARCHIVED_FILES:
                raise _too_many("more files")
            file = archive.extractfile(member) if member.isreg() and not _is_of_desktop(member.name) else None
            if file:
                yield member.name, member.size, file
            else:
                left_out += not member.isdir()

    try:
        with _uncompressed(path) as file, tarfile.open(fileobj=file, mode="r|") as archive:
            rows = _unpacked(entries(archive), room)
            for _ in range(MOST_ARCHIVED_BYTES // PIECE):  # to its end, where a compressed file tells that it is whole
                if not file.read(PIECE):
                    break
            if file.tell() % tarfile.BLOCKSIZE:  # cut off within a header, which tarfile takes for the end
                raise EOFError
    except FAULTS as wrong:
        raise Unreadable("damaged", "The TAR archive is damaged or incomplete.", "Create it again, or download it again.") from wrong
    return rows, _left_out(left_out)


def _uncompressed(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        start = file.read(8)
    opener = next((opener for signature, opener in OPENERS if start.startswith(signature)), None)
    return opener(path) if opener else path.open("rb")  # type: ignore[return-value]  # in binary, as is their default


def _unpacked(entries: Iterator[Entry], room: Room) -> pl.LazyFrame:
    rows: list[tuple[str, int, bytes]] = []
    size = 0
    for name, declared, opened in entries:
        size += declared
        if size > MOST_ARCHIVED_BYTES:
            words = f"The archive unpacks to more than {in_words(MOST_ARCHIVED_BYTES)}."
            raise Unreadable("too_large", words, "Upload several smaller archives.")
        room.judge(size)
        with opened as file:
            content = file.read(max(declared, 1))  # 0 would not check that there is nothing
        rows.append((name, len(content), content))
    if not rows:
        raise Unreadable("no_rows", "The archive has no files.", "Put files into it, and upload it again.")
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").lazy()


def _name(entry: zipfile.ZipInfo) -> str:
    """The path, which some programs, such as those of macOS, write in UTF-8 without saying so."""
    if entry.flag_bits & FLAG_UTF_8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode()
    except UnicodeError:
        return entry.filename


def _left_out(count: int) -> list[str]:
    return (
        [f"{count:,} {'entry' if count == 1 else 'entries'} (links, files of a desktop, or without a name) were left out."] if count else []
    )


def _too_many(files: str) -> Unreadable:
    return Unreadable(
        "too_large", f"The archive contains {files}; the maximum is {MOST_ARCHIVED_FILES:,}.", "Upload several smaller archives."
    )


def _check_archive(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise Unreadable("wrong_format", "The file is an Excel workbook.", "Rename it to .xlsx and upload it again.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted", "The ZIP archive is password-protected.", "Create it without a password, and upload it again.")
    if len(entries) > MOST_ARCHIVED_FILES:
        raise _too_many(f"{len(entries):,} files")


def _is_beside(entry: zipfile.ZipInfo) -> bool:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    is_link = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    is_nameless = entry.is_dir() and entry.file_size > 0  # NUL ends a name
    return is_link or is_nameless or _is_of_desktop(entry.filename)


def _is_of_desktop(path: str) -> bool:
    return path.startswith(BESIDE[0]) or path.rpartition("/")[2] == BESIDE[1]


def check_workbook(path: Path) -> None:
    """Reject an archive that is damaged, not a workbook, encrypted, or too large when unpacked.

    Raises:
        Unreadable: `damaged`, `wrong_format`, `encrypted` or `too_large`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as wrong:
        raise Unreadable("damaged", "The Excel workbook is damaged or incomplete.", DAMAGED) from wrong
    names = {file.filename for file in files}
    if "xl/workbook.xml" not in names:
        binary = "xl/workbook.bin" in names
        raise Unreadable(
            "wrong_format",
            "The file is a binary workbook (.xlsb)." if binary else "The file is a ZIP archive, not an Excel workbook.",
            "Save it as .xlsx." if binary else "Unpack it, and upload the table that it contains.",
        )
    if any(file.flag_bits & 1 for file in files):
        raise Unreadable("encrypted", "The Excel workbook is password-protected.", "Save it without a password, and upload it again.")
    if len(files) > ARCHIVE_FILES:
        raise Unreadable(
            "too_large", f"The workbook contains {len(files):,} files; the maximum is {ARCHIVE_FILES:,}.", "Save the sheet as CSV."
        )
    size = sum(file.file_size for file in files)
    if size > ARCHIVE_BYTES or (size > ARCHIVE_FREE_BYTES and size > ARCHIVE_RATIO * path.stat().st_size):
        raise Unreadable(
            "too_large",
            f"The workbook is {path.stat().st_size:,} bytes but would unpack to {size:,}.",
            "Save the table as CSV or Parquet.",
        )
