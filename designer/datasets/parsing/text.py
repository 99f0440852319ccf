"""Text files: detects the encoding from the whole file, and converts other encodings to UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from designer.datasets.parsing.errors import Unreadable
from designer.datasets.parsing.room import Room, Writing

CHUNK = 1 << 20
SAMPLE = 1 << 22
MARKS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "UTF-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16", "utf-16"),
)
SAVE_AS_UTF8 = "Save it again as UTF-8: in Excel as “CSV UTF-8”, in an editor with “Save with encoding”."
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
HIGH = re.compile(rb"[\x80-\xff]")
# Bytes undefined in Windows-1252, and characters that text in Western languages hardly ever contains.
STRANGE = re.compile(rb"[\x81\x8d\x8f\x90\x9d\x01-\x08\x0e-\x1f\x7f]")
LETTER = re.compile(rb"[A-Za-z\xc0-\xff]")
MOST_HIGH_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Text:
    """A UTF-8 text file without a byte order mark: its path, its original encoding, and its number of quotes."""

    path: Path
    start: int
    encoding: str
    quotes: int
    note: str | None = None


def read_text(path: Path, copy: Path, room: Room) -> Text:
    """The file as UTF-8; a file in another encoding is converted into `copy`.

    Raises:
        Unreadable: `binary` or `unknown_encoding`, naming the line. No guess that could garble characters is made.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, title, codec in MARKS:
        if start.startswith(mark):
            if title == "UTF-8":
                return _plain(path, len(mark))
            return _converted(path, copy, room, codec, title, None)
    if unmarked := _unmarked_utf16(start):
        return _converted(path, copy, room, unmarked, "UTF-16", None)
    try:
        return _plain(path, 0)
    except UnicodeDecodeError:
        _check_western(path)
        note = "The file is not UTF-8 and was read as Windows-1252 (Western European). Check letters such as é or ß; if they are wrong, save it as UTF-8."
        return _converted(path, copy, room, "cp1252", "Windows-1252", note)


def _plain(path: Path, start: int) -> Text:
    decoder = codecs.getincrementaldecoder("utf-8")()
    quotes = lines = 0
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK):
            if (place := chunk.find(0)) >= 0:
                raise _binary(lines + 1 + chunk.count(b"\n", 0, place))
            if not chunk.isascii() or decoder.getstate()[0]:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    if start:
                        raise _not_utf8(lines + 1) from None
                    raise
            quotes += chunk.count(b'"')
            lines += chunk.count(b"\n")
    decoder.decode(b"", final=True)
    return Text(path, start, "UTF-8", quotes)


def _converted(path: Path, copy: Path, room: Room, codec: str, title: str, note: str | None) -> Text:
    quotes = lines = 0
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file, Writing(copy, room) as out:
        while True:
            chunk = file.read(CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeError as wrong:
                raise Unreadable(
                    "unknown_encoding", f"The file is marked as {title}, but is not {title} after line {lines + 1:,}.", SAVE_AS_UTF8
                ) from wrong
            if (place := text.find("\0")) >= 0:
                raise _binary(lines + 1 + text.count("\n", 0, place))
            quotes += text.count('"')
            lines += text.count("\n")
            out.write(text.encode("utf-8", "surrogatepass"))
            if not chunk:
                return Text(copy, 0, title, quotes, note)


def _unmarked_utf16(start: bytes) -> str | None:
    """UTF-16 without a mark has a NUL beside nearly every character."""
    half = len(start) // 2
    if half < 4:
        return None
    for codec, nul, letter in (("utf-16-le", start[1::2], start[0::2]), ("utf-16-be", start[0::2], start[1::2])):
        if nul.count(0) > 0.7 * half and letter.count(0) == 0:
            return codec
    return None


def _check_western(path: Path) -> None:
    """Reject as Windows-1252 what is mostly UTF-8, or a language with another script."""
    with path.open("rb") as file:
        lines, chunk = 0, b""
        while (chunk := file.read(SAMPLE)) and chunk.isascii():
            lines += chunk.count(b"\n")
    multibyte, high = len(MULTIBYTE.findall(chunk)), len(HIGH.findall(chunk))
    if multibyte and high - sum(map(len, MULTIBYTE.findall(chunk))) < max(multibyte, 2):
        raise _not_utf8(lines + 1 + chunk.count(b"\n", 0, _first_bad(chunk)))
    letters = len(LETTER.findall(chunk))
    if strange := STRANGE.search(chunk):
        raise _unknown(lines + 1 + chunk.count(b"\n", 0, strange.start()))
    if high > MOST_HIGH_SHARE * max(letters, 1) and high > 3:
        first = HIGH.search(chunk)
        raise _unknown(lines + 1 + chunk.count(b"\n", 0, first.start() if first else 0))


def _first_bad(chunk: bytes) -> int:
    try:
        chunk.decode()
    except UnicodeDecodeError as wrong:
        return wrong.start
    return len(chunk)


def _binary(line: int) -> Unreadable:
    return Unreadable(
        "binary",
        f"Line {line:,} contains a NUL byte, so the file is damaged or not a text file.",
        "Check that it is the right file, and save it again as CSV in UTF-8.",
    )


def _not_utf8(line: int) -> Unreadable:
    return Unreadable(
        "unknown_encoding", f"Most of the file is UTF-8, but line {line:,} or a later one has bytes that are not.", SAVE_AS_UTF8
    )


def _unknown(line: int) -> Unreadable:
    return Unreadable(
        "unknown_encoding", f"The text encoding could not be detected: line {line:,} has bytes that are not UTF-8.", SAVE_AS_UTF8
    )
