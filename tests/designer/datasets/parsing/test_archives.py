"""Archives as tables of their files; damaged ones are in `broken.py`."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import polars as pl
import pytest

from designer.datasets.parsing import archives
from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.parse import Parsed, parse

FILES = {"größe/a.csv": b"a\n1\n", "img.png": b"\x89PNG\x00", "7": b"", "l" * 150: b"long"}
OTHERS = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE)


def tarred(files: dict[str, bytes], compression: str = "", others: tuple[bytes, ...] = ()) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{compression}") as made:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
        for kind in others:
            entry = tarfile.TarInfo("other")
            entry.type, entry.linkname = kind, "/etc/passwd"
            made.addfile(entry)
    return file.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return file.getvalue()


def read(folder: Path, content: bytes, format_: str) -> tuple[pl.DataFrame, Parsed]:
    (folder / "upload").write_bytes(content)
    found = parse(folder / "upload", format_, folder / "out")
    return pl.read_ipc(folder / "out"), found


@pytest.mark.parametrize("compression", ["", "gz", "bz2", "xz"])
def test_a_tar_archive_is_a_table_of_its_files(tmp_path: Path, compression: str) -> None:
    frame, found = read(tmp_path, tarred(FILES | {"a/.DS_Store": b"x", "__MACOSX/._a": b"x"}, compression, OTHERS), "tar")
    assert frame["path"].to_list() == list(FILES) and frame["content"].to_list() == list(FILES.values())
    assert frame["bytes"].to_list() == [4, 5, 0, 4]
    assert found.notes == ["5 entries (links, files of a desktop, or without a name) were left out."]


@pytest.mark.parametrize(("format_", "whole"), [("zip", zipped(FILES)), ("tar", tarred(FILES)), ("tar", tarred(FILES, "gz"))])
@pytest.mark.parametrize(("limit", "least"), [("MOST_ARCHIVED_FILES", 3), ("MOST_ARCHIVED_BYTES", 12)])
def test_an_archive_of_too_many_files_or_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str, whole: bytes, limit: str, least: int
) -> None:
    monkeypatch.setattr(archives, limit, least + 1)
    assert read(tmp_path, whole, format_)[0].height == len(FILES)
    monkeypatch.setattr(archives, limit, least)
    with pytest.raises(Unreadable) as caught:
        read(tmp_path, whole, format_)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("format_", "content"),
    [
        ("zip", zipped({})),
        ("zip", zipped({"cats/": b"", "__MACOSX/a": b"x"})),
        ("tar", tarred({})),
        ("tar", tarred({}, "gz")),
        ("tar", tarred({}, "", OTHERS)),
    ],
    ids=["zip", "zip of folders", "tar", "tar.gz", "tar of others"],
)
def test_an_archive_without_files_is_refused_in_its_own_words(tmp_path: Path, format_: str, content: bytes) -> None:
    with pytest.raises(Unreadable, match="The archive has no files") as caught:
        read(tmp_path, content, format_)
    assert caught.value.code == "no_rows"


def test_a_tar_archive_that_ends_within_a_header_is_incomplete(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="damaged or incomplete"):
        read(tmp_path, tarred({"a": b"1", "b": b"2"})[: 3 * tarfile.BLOCKSIZE - 100], "tar")


@pytest.mark.parametrize(("written", "expected"), [("é/a", "é/a"), (b"\x82/a", "é/a"), (b"\xff\x82/a", "\xa0é/a")])
def test_names_in_utf_8_that_are_not_marked_so_are_read_all_the_same(tmp_path: Path, written: str | bytes, expected: str) -> None:
    name = written.encode() if isinstance(written, str) else written
    content = zipped({"n" * len(name): b"1"}).replace(b"n" * len(name), name)
    assert read(tmp_path, content, "zip")[0]["path"].to_list() == [expected]


def test_a_bomb_costs_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *_: pytest.fail("it was unpacked"))
    monkeypatch.setattr(archives, "MOST_ARCHIVED_BYTES", 1_000)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read(tmp_path, zipped({"a": bytes(1_001)}), "zip")


def test_a_bomb_is_not_unpacked_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ARCHIVED_BYTES", 1_000_000)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read(tmp_path, tarred({"a": bytes(20_000_000)}, "gz"), "tar")


@pytest.mark.parametrize("declared", [0, 1])
def test_a_file_with_more_bytes_than_its_archive_says_is_not_cut_in_silence(tmp_path: Path, declared: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.csv", b"a\n1\n")
        made.filelist[0].file_size = declared  # what the directory is written from
    with pytest.raises(Unreadable) as caught:
        read(tmp_path, file.getvalue(), "zip")
    assert caught.value.code == "damaged"
