"""Workbooks and archives that are damaged, too large, locked or something else."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterator

import xlsxwriter

from tests.designer.datasets.parsing.broken_file import GOOD_ROWS, Broken, broken


def workbook(rows: list[list[object]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def workbooks() -> Iterator[Broken]:
    whole = workbook([["a", "b"], *([number, f"text {number}"] for number in range(500))])
    for share in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        yield broken(f"a workbook cut at {share}", "a.xlsx", whole[: int(len(whole) * share)], "damaged")
    yield broken("a workbook without a cell", "a.xlsx", workbook([]), "empty_file")
    yield broken("a workbook with a header alone", "a.xlsx", workbook([["a", "b"]]), "no_rows")
    for member in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"):
        for content in (b"", b"<a", b"\0" * 100, b"not xml at all"):
            yield broken(
                f"a workbook whose {member} is {content[:8]!r}",
                "a.xlsx",
                replaced(whole, member, content),
                "damaged",
                "empty_file",
                "unreadable",
                "no_rows",
            )


def replaced(whole: bytes, member: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            target.writestr(item.filename, content if item.filename == member else source.read(item))
    return out.getvalue()


def archives() -> Iterator[Broken]:
    def archive(files: dict[str, bytes]) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name, content in files.items():
                target.writestr(name, content)
        return out.getvalue()

    workbook_xml = {"xl/workbook.xml": b"<workbook/>"}
    yield broken("a bomb", "a.xlsx", archive({**workbook_xml, "xl/worksheets/sheet1.xml": bytes(60_000_000)}), "too_large")
    yield broken("a bomb of many files", "a.xlsx", archive({**workbook_xml, **{f"x/{place}": b"" for place in range(1_001)}}), "too_large")
    yield broken("a ZIP of a CSV", "a.xlsx", archive({"a.csv": GOOD_ROWS.encode()}), "wrong_format")
    yield broken("a document", "a.xlsx", archive({"word/document.xml": b"<w/>"}), "wrong_format")
    yield broken("a binary workbook", "a.xlsx", archive({"xl/workbook.bin": b"x"}), "wrong_format")
    yield broken("a workbook named as an archive", "a.zip", archive(workbook_xml), "wrong_format")
    yield broken("a text named as an archive", "a.zip", GOOD_ROWS, "wrong_format")
    yield broken("an archive of a folder", "a.zip", archive({"data/": b""}), "no_rows")
    whole = archive({"a.csv": GOOD_ROWS.encode() * 100, "b.csv": b"x"})
    yield broken("half an archive", "a.zip", whole[: len(whole) // 2], "damaged")
    yield broken("an archive with a wrong byte", "a.zip", whole[:60] + bytes([whole[60] ^ 255]) + whole[61:], "damaged")
    yield broken(
        "an archive whose directory lies", "a.zip", whole.replace(struct.pack("<L", len(GOOD_ROWS) * 100), struct.pack("<L", 10)), "damaged"
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as target:
        entry = tarfile.TarInfo("a.csv")
        entry.size = len(GOOD_ROWS) * 1000
        target.addfile(entry, io.BytesIO(GOOD_ROWS.encode() * 1000))
    plain = packed.getvalue()
    squeezed = gzip.compress(plain)
    yield broken("half a TAR archive", "a.tar", plain[: len(plain) // 2], "damaged")
    yield broken("half a compressed TAR archive", "a.tar.gz", squeezed[: len(squeezed) // 2], "damaged")
    yield broken("a compressed TAR archive without its end", "a.tgz", squeezed[:-4], "damaged")
    yield broken("a compressed text named as a TAR archive", "a.tgz", gzip.compress(GOOD_ROWS.encode()), "damaged")
    yield broken("a TAR archive in another archive", "a.tar", archive({"a.csv": b"x"}), "wrong_format")
    yield broken("a TAR archive with a wrong checksum", "a.tar", b"b" + plain[1:], "damaged")
    locked = bytearray(archive(workbook_xml))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + offset] |= 1
    yield broken("a workbook with a password", "a.xlsx", bytes(locked), "encrypted")
    yield broken("an archive with a password", "a.zip", bytes(locked).replace(b"xl/workbook.xml", b"xl/workbook.txt"), "encrypted")
