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
    assert found.notes == ["5 entries (links, or files of a desktop) were left out."]


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


def test_a_bomb_is_not_unpacked_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ARCHIVED_BYTES", 1_000_000)
    with pytest.raises(Unreadable, match="unpacks to more than"):
        read(tmp_path, tarred({"a": bytes(20_000_000)}, "gz"), "tar")
