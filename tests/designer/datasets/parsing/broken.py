"""Three hundred files that are no tables, each with the name it comes under and the failures it may be told by."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import random
import struct
from collections.abc import Iterator

import polars as pl

from tests.designer.datasets.parsing.broken_archives import archives, workbook, workbooks
from tests.designer.datasets.parsing.broken_file import GOOD_ROWS, TEXT_KINDS, Broken, broken


def all_broken() -> list[Broken]:
    made = [*_empty(), *_names(), *_ragged(), *_quotes(), *_binary(), *_encodings(), *_wrong_kind(), *_long(), *_json()]
    made += [*_parquet(), *_arrow(), *workbooks(), *archives(), *_random()]
    return made


def _empty() -> Iterator[Broken]:
    for kind in ("csv", "tsv", "txt", "json", "jsonl", "parquet", "xlsx", "arrow"):
        yield broken("nothing at all", f"a.{kind}", b"", "empty_file")
    for kind in TEXT_KINDS:
        yield broken("a mark alone", f"a.{kind}", b"\xef\xbb\xbf", "empty_file")
        yield broken("blank lines", f"a.{kind}", "\n\n  \n\r\n", "empty_file")
        yield broken("a header alone", f"a.{kind}", "id,name\n", "no_rows")
        yield broken("a header without an end", f"a.{kind}", "id,name", "no_rows")
        yield broken("a header and blank lines", f"a.{kind}", "id,name\n\n\n", "no_rows")
    yield broken("an empty list", "a.json", "[]", "no_rows")
    yield broken("empty objects", "a.json", "{}\n{}\n", "no_rows")


def _names() -> Iterator[Broken]:
    for name in ("a.exe", "a.xls", "a.ods", "a.csv.gz", "a.7z", "a", "a.", ".csv", "a.docx", "a.pkl", "a.html", "a.csv\n", "a.xlsb"):
        yield broken("an unknown ending", name, GOOD_ROWS, "unknown_format")


def _ragged() -> Iterator[Broken]:
    lines = GOOD_ROWS.splitlines()
    for line in (2, 3, 7, 20, len(lines)):
        for change in ("{},extra", "{},,,,", "one", "1,two"):
            cut = [*lines]
            cut[line - 1] = change.format(cut[line - 1])
            yield broken(f"line {line} as {change}", "a.csv", "\n".join(cut) + "\n", "ragged_rows")
    for delimiter in (";", "\t", "|"):
        other = [text.replace(",", delimiter) for text in lines]
        other[9] += delimiter + "x"
        yield broken(f"ragged with {delimiter!r}", "a.csv", "\n".join(other), "ragged_rows")
    yield broken("a title above", "a.csv", "Cars of 2024\n" + GOOD_ROWS, "ragged_rows")
    yield broken("a total below", "a.csv", GOOD_ROWS + "Total: 40 cars\n", "ragged_rows")
    yield broken("ragged after a quoted line end", "a.csv", 'a,b\n"x\ny",2\n1,2,3\n', "ragged_rows")
    yield broken("ragged far down", "a.csv", "a,b\n" + "1,2\n" * 5_000 + "3\n", "ragged_rows")


def _quotes() -> Iterator[Broken]:
    yield broken("a header's quote", "a.csv", '"a,b\n1,2\n', "unclosed_quote")
    for line in (1, 5, 30):
        lines = GOOD_ROWS.splitlines()
        lines[line] = lines[line].replace("car", '"car')
        yield broken(f"an open quote in line {line + 1}", "a.csv", "\n".join(lines), "unclosed_quote", "ragged_rows")
    for cell in ('"5" x "', '"a"b"', '"""', '"a""'):
        yield broken(f"a quote as {cell}", "a.csv", f"a,b\n1,{cell}\n2,3\n", "unclosed_quote", "ragged_rows")


def _binary() -> Iterator[Broken]:
    for place in (0, 5, 14, 100, 600):
        content = GOOD_ROWS.encode()
        yield broken(f"a NUL at {place}", "a.csv", content[:place] + b"\0" + content[place:], "binary")
        yield broken(f"NULs at {place}", "a.tsv", content[:place] + b"\0" * 50 + content[place:], "binary", "unknown_encoding")
    yield broken("NUL in JSON", "a.jsonl", b'{"a": 1}\n\0\n', "binary")
    yield broken("all NUL", "a.csv", b"\0" * 5_000, "binary", "unknown_encoding")


def _encodings() -> Iterator[Broken]:
    russian, japanese, greek = "имя,цена\nвольво,10\nлада,20\n", "名前,値段\nトヨタ,10\nホンダ,20\n", "όνομα,τιμή\nβόλβο,10\nφίατ,20\n"
    for codec, text in (
        ("cp1251", russian),
        ("koi8-r", russian),
        ("shift_jis", japanese),
        ("euc-jp", japanese),
        ("gb18030", japanese),
        ("iso8859-7", greek),
    ):
        yield broken(codec, "a.csv", text.encode(codec), "unknown_encoding")
    yield broken("UTF-8 with one wrong byte", "a.csv", "a,b\né,1\nü,2\nö,3\n".encode() + b"x\xffy,4\n", "unknown_encoding")
    yield broken("a mark for UTF-8 with Latin letters", "a.csv", b"\xef\xbb\xbfa,b\n\xe9t\xe9,1\n", "unknown_encoding")
    yield broken("UTF-16 cut in a letter", "a.csv", "a,b\n1,2\n".encode("utf-16") + b"\x00", "unknown_encoding")
    yield broken("UTF-16 with half a pair", "a.csv", b"\xff\xfea\x00,\x00b\x00\n\x00\x00\xd81\x00,\x002\x00\n\x00", "unknown_encoding")
    yield broken("UTF-32 cut", "a.csv", "a,b\n1,2\n".encode("utf-32")[:-2], "unknown_encoding")


def _wrong_kind() -> Iterator[Broken]:
    table = pl.DataFrame({"a": [1, 2]})
    parquet, arrow = io.BytesIO(), io.BytesIO()
    table.write_parquet(parquet)
    table.write_ipc(arrow)
    database = b"SQLite format 3\0" + b"\1" * 200
    others = {
        "xlsx": workbook([["a"], [1]]),
        "parquet": parquet.getvalue(),
        "arrow": arrow.getvalue(),
        "gz": gzip.compress(GOOD_ROWS.encode()),
        "pdf": b"%PDF-1.7 ...",
        "png": b"\x89PNG\r\n\x1a\n" + bytes(50),
        "jpeg": b"\xff\xd8\xff\xe0" + bytes(50),
        "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "pickle": pickle.dumps({"a": 1}, protocol=4),
        "sqlite": database,
        "elf": b"\x7fELF" + bytes(60),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(20),
        "html": b"<!DOCTYPE html><html></html>",
        "xml": b'<?xml version="1.0"?><a/>',
        "hdf5": b"\x89HDF\r\n\x1a\n" + bytes(30),
        "avro": b"Obj\x01" + bytes(30),
    }
    for kind, content in others.items():
        for name in ("csv", "tsv", "jsonl", "parquet", "xlsx", "arrow"):
            if name != kind:
                yield broken(f"{kind} named .{name}", f"a.{name}", content, "wrong_format")
    for name in ("parquet", "xlsx", "arrow", "tar", "tar.gz"):
        yield broken(f"CSV named .{name}", f"a.{name}", GOOD_ROWS, "wrong_format")


def _long() -> Iterator[Broken]:
    yield broken(
        "too many columns", "a.csv", ",".join(f"c{place}" for place in range(10_001)) + "\n" + "1," * 10_000 + "1\n", "too_many_columns"
    )
    yield broken("a huge header", "a.csv", ",".join("x" * 50 for _ in range(60_000)) + "\n1\n", "too_many_columns")
    yield broken("an endless line", "a.csv", "a,b\n1," + "x" * 5_000_000 + "\n", "too_long")
    yield broken("an endless first line", "a.csv", "x" * 5_000_000, "too_long")
    yield broken("a long cell", "a.csv", "a,b\n1," + "x" * 1_100_000 + "\n2,y\n", "too_long")
    yield broken("a long quoted cell", "a.csv", 'a,b\n1,"' + "x\n" * 600_000 + '"\n2,y\n', "too_long")
    yield broken("commas alone", "a.csv", "," * 3_000_000, "too_many_columns", "no_rows", "empty_file")
    yield broken("a long cell in JSON", "a.jsonl", json.dumps({"a": "x" * 1_100_000}), "too_long")
    yield broken("too many keys", "a.jsonl", json.dumps({f"k{place}": 1 for place in range(10_001)}), "too_many_columns")


def _json() -> Iterator[Broken]:
    for text in (
        "{",
        '{"a": 1',
        "nope",
        '{"a": 1}\n{"a": ]\n',
        "1\n2\n",
        '"text"',
        "null",
        "[1, 2]",
        '[{"a": 1}, 2]',
        '[{"a": 1}',
        "[{}]x",
        '{"a": 1} {"a": 2}',
        "{'a': 1}",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 01}',
        "[[1, 2], [3, 4]]",
        "true",
        '{"a": "\\ud800"}',
    ):
        yield broken(f"JSON {text[:20]!r}", "a.jsonl", text, "bad_json", "no_rows")
    for depth in (10_000, 200_000):
        yield broken(f"lists {depth} deep", "a.jsonl", '{"a": ' + "[" * depth + "]" * depth + "}", "bad_json")
        yield broken(f"objects {depth} deep", "a.json", '[{"a": ' + '{"b":' * depth + "1" + "}" * depth + "}]", "bad_json")
        yield broken(f"open lists {depth} deep", "a.json", "[" * depth, "bad_json")


def _parquet() -> Iterator[Broken]:
    file = io.BytesIO()
    pl.DataFrame({"a": range(2_000), "b": [f"text {number}" for number in range(2_000)]}).write_parquet(file)
    yield from _cut("parquet", file.getvalue())
    hollow = io.BytesIO()
    pl.DataFrame({"a": pl.Series([], dtype=pl.Int64)}).write_parquet(hollow)
    yield broken("Parquet without rows", "a.parquet", hollow.getvalue(), "no_rows")
    yield broken("a Parquet's ends alone", "a.parquet", b"PAR1PAR1", "damaged")
    yield broken("a Parquet with a huge footer", "a.parquet", b"PAR1" + bytes(100) + struct.pack("<I", 2**31 - 1) + b"PAR1", "damaged")


def _arrow() -> Iterator[Broken]:
    file = io.BytesIO()
    pl.DataFrame({"a": range(2_000), "b": [f"text {number}" for number in range(2_000)]}).write_ipc(file)
    yield from _cut("arrow", file.getvalue())


def _cut(kind: str, whole: bytes) -> Iterator[Broken]:
    for share in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999):
        yield broken(f"{kind} cut at {share}", f"a.{kind}", whole[: max(8, int(len(whole) * share))], "damaged", "unreadable")
    for back in (1, 3, 4, 8, 12):
        yield broken(f"{kind} without its last {back} bytes", f"a.{kind}", whole[:-back], "damaged", "unreadable")


def _random() -> Iterator[Broken]:
    chance = random.Random(7)
    anything = frozenset(
        {
            "binary",
            "unknown_encoding",
            "damaged",
            "unreadable",
            "bad_json",
            "wrong_format",
            "ragged_rows",
            "unclosed_quote",
            "no_rows",
            "empty_file",
            "too_long",
            "too_many_columns",
        }
    )
    starts = {"csv": b"", "tsv": b"", "jsonl": b"", "parquet": b"PAR1", "xlsx": b"PK\x03\x04", "arrow": b"ARROW1\0\0"}
    for size in (3, 50, 1_000, 20_000):
        for kind, start in starts.items():
            content = (
                start
                + bytes(chance.randrange(128, 256) for _ in range(size))
                + (start[:4] if kind == "parquet" else start[:6] if kind == "arrow" else b"")
            )
            yield Broken(f"{size} random bytes", f"a.{kind}", content, anything)
