"""ARFF (attribute-relation file format) as a table: the types of its header, dense and sparse rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.phrases import some_values
from pipelines.catalogue.ports import ColumnRole, Table

# A value in quotes (group 1 or 2, with backslash escapes), or one without, up to the next separator.
TOKEN = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\t{}%'"]*))\s*""")
NAME = re.compile(r"""\s+(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(\S+))\s+(.+)$""")
SPARSE = re.compile(r"\s*(\d+)\s+")
ESCAPED = re.compile(r"\\(.)")
CHARACTERS = {"n": "\n", "t": "\t", "r": "\r"}
ISO = "yyyy-MM-dd'T'HH:mm:ss"
# The letters of Java's SimpleDateFormat, which ARFF uses, as those of strptime.
LETTERS = re.compile(r"'([^']*)'|y+|M+|d+|E+|H+|h+|m+|s+|S+|a|Z|X+|[A-Za-z]+|.", re.DOTALL)
CLOCK = {"HH": "%H", "H": "%H", "hh": "%I", "h": "%I", "mm": "%M", "m": "%M", "ss": "%S", "s": "%S", "SSS": "%f", "a": "%p"}
PARTS = {
    "yyyy": "%Y",
    "y": "%Y",
    "yy": "%y",
    "MM": "%m",
    "M": "%m",
    "MMM": "%b",
    "MMMM": "%B",
    "dd": "%d",
    "d": "%d",
    "E": "%a",
    "EEE": "%a",
}
ZONES = {"Z": "%z", "X": "%z", "XX": "%z", "XXX": "%z"}
DIRECTIVES = {**PARTS, **CLOCK, **ZONES}


@dataclass(frozen=True)
class Attribute:
    """A column of the header. `missing` is what a sparse row leaves out."""

    name: str
    dtype: Any
    read: Callable[[str], Any]
    what: str
    absent: Any = None
    nominal: bool = False


def read_arff(text: str) -> Table:
    """Return the table of a text in ARFF; nominal columns are categorical, dates with a zone are in UTC.

    Raises:
        ModuleError: `unreadable_text`, with the line, and the column where it is known.
    """
    attributes: list[Attribute] = []
    rows: list[list[Any]] = []
    in_data = False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("%"):
            continue
        if in_data:
            rows.append(_row(line, number, attributes))
            continue
        word = line.split(maxsplit=1)[0]
        match word.lower():
            case "@relation":
                pass
            case "@attribute":
                attributes.append(_attribute(line[len(word) :], number))
                if attributes[-1].name in (each.name for each in attributes[:-1]):
                    raise wrong_line(number, f"the second attribute is named “{attributes[-1].name}”", attributes[-1].name)
            case "@data" if attributes:
                in_data = True
            case "@data":
                raise wrong_line(number, "@data without an @attribute before it")
            case _:
                raise wrong_line(number, f"“{line[:60]}” is neither @relation, @attribute nor @data")
    if not in_data:
        raise ModuleError("unreadable_text", "The text has no line @data.", param="text", remedy="Add @data before the rows.")
    columns = zip(*rows, strict=True) if rows else [()] * len(attributes)
    frame = pl.DataFrame([pl.Series(each.name, values, dtype=each.dtype) for each, values in zip(attributes, columns, strict=True)])
    return Table(frame, {each.name: ColumnRole(categorical=True) for each in attributes if each.nominal})


def wrong_line(number: int, what: str, column: str | None = None) -> ModuleError:
    """Return the error of a line."""
    words = f"Line {number}{f', column “{column}”' if column else ''}: {what}."
    return ModuleError("unreadable_text", words, param="text", column=column, remedy="Correct this line.")


def _attribute(rest: str, number: int) -> Attribute:
    found = NAME.match(rest)
    if found is None:
        raise wrong_line(number, "@attribute needs a name and a type")
    name, type_ = _unquoted(found), found[4].strip()
    kind, _, more = type_.partition(" ")
    match kind.lower():
        case "numeric" | "real":
            return Attribute(name, pl.Float64, _number, "a number", 0.0)
        case "integer":
            return Attribute(name, pl.Int64, _integer, "a whole number", 0)
        case "string":
            return Attribute(name, pl.String, str, "text")
        case "date":
            return _date(Attribute(name, None, str, ""), more.strip().strip("\"'") or ISO, number)
    if not (type_.startswith("{") and type_.endswith("}")):
        raise wrong_line(number, f"the type “{type_[:40]}” is not supported; use numeric, integer, string, date or {{a, b}}", name)
    values = [value for value, _ in _values(type_[1:-1], number)]
    levels: Mapping[str, str] = {value: value for value in values}
    return Attribute(name, pl.String, levels.__getitem__, f"one of {some_values(pl.Series(values))}", values[0], nominal=True)


def _number(text: str) -> float:
    if "_" in text:  # Python reads 1_000 as a number
        raise ValueError
    return float(text)


def _integer(text: str) -> int:
    number = int(text) if text.lstrip("+-").isdecimal() else _number(text)
    if number != int(number) or abs(number) >= 2**63:
        raise ValueError
    return int(number)


def _date(attribute: Attribute, pattern: str, number: int) -> Attribute:
    """A date by a pattern of Java; without a time of day it is a date, else a timestamp."""
    found = [(part[0], part[1]) for part in LETTERS.finditer(pattern)]
    if strange := [part for part, quoted in found if quoted is None and part[0].isalpha() and part not in DIRECTIVES]:
        raise wrong_line(number, f"the date format “{pattern}” has “{strange[0]}”, which is not supported", attribute.name)
    form = "".join(DIRECTIVES.get(part, part.replace("%", "%%")) if quoted is None else quoted or "'" for part, quoted in found)
    used = {part for part, quoted in found if quoted is None}
    zoned, timed = bool(used & ZONES.keys()), bool(used & CLOCK.keys())

    def read(text: str) -> Any:
        moment = datetime.strptime(text, form)
        return moment.astimezone(UTC) if zoned else moment if timed else moment.date()

    dtype = pl.Datetime("us", "UTC" if zoned else None) if timed or zoned else pl.Date
    return replace(attribute, dtype=dtype, read=read, what=f"a date such as {pattern}")


def _row(line: str, number: int, attributes: Sequence[Attribute]) -> list[Any]:
    if line.startswith("{"):
        return _sparse_row(line, number, attributes)
    values = list(_values(line, number))
    if len(values) != len(attributes):
        raise wrong_line(number, f"{len(values)} values, but there are {len(attributes)} attributes")
    return [_value(value, plain, each, number) for (value, plain), each in zip(values, attributes, strict=True)]


def _sparse_row(line: str, number: int, attributes: Sequence[Attribute]) -> list[Any]:
    inside, brace, after = line[1:].rpartition("}")
    if not brace or after.strip():
        raise wrong_line(number, "a sparse row ends with }, and nothing follows it")
    row = [each.absent for each in attributes]
    at = 0
    while inside[at:].strip():
        found = SPARSE.match(inside, at)
        if found is None or int(found[1]) >= len(attributes):
            raise wrong_line(
                number, f"“{inside[at : at + 40].strip()}” does not start with the place of an attribute (0 to {len(attributes) - 1})"
            )
        place = int(found[1])
        value, plain, at = _token(inside, found.end(), number)
        row[place] = _value(value, plain, attributes[place], number)
    return row


def _value(text: str, plain: bool, attribute: Attribute, number: int) -> Any:
    if plain and text == "?":
        return None
    try:
        return attribute.read(text)
    except (ValueError, KeyError, OverflowError):
        raise wrong_line(number, f"“{text[:60]}” is not {attribute.what}", attribute.name) from None


def _values(line: str, number: int) -> Iterator[tuple[str, bool]]:
    """Each value of a line, and whether it stands without quotes."""
    at = 0
    while at <= len(line):  # after a comma at the end of the line there is one more, empty value
        value, plain, at = _token(line, at, number)
        yield value, plain


def _token(line: str, at: int, number: int) -> tuple[str, bool, int]:
    """The value at a place, whether it stands without quotes, and the place after its separator."""
    found = TOKEN.match(line, at)
    assert found  # a value may be empty
    end = found.end()
    if end < len(line) and line[end] not in ",\t%":
        raise wrong_line(number, f"“{line[end : end + 40]}” does not follow a comma; put values with spaces, commas or quotes in quotes")
    after = end + 1 if line[end : end + 1] in (",", "\t") else len(line) + 1
    return _unquoted(found), found[3] is not None, after


def _unquoted(found: re.Match[str]) -> str:
    quoted = next((group for group in (found[1], found[2]) if group is not None), None)
    return found[3].strip() if quoted is None else ESCAPED.sub(lambda part: CHARACTERS.get(part[1], part[1]), quoted)
