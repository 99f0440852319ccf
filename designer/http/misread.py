"""What is wrong with JSON that msgspec refuses, in words for people. No Django here."""

from __future__ import annotations

import re

import msgspec

KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "date": "a date",
    "datetime": "a date with a time",
}
WHERE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)
FORMS: list[tuple[str, str]] = [
    (r"Expected `(?P<kind>int|float)` (?P<sign><=|>=|<|>) (?P<bound>\S+)", "must be {sign} {bound}"),
    (r"Expected `array` of length >= 1", "must not be empty"),
    (r"Expected `str` of length >= 1", "must not be empty"),
    (r"Expected `(?P<kind>\w+)` of length (?P<sign><=|>=) (?P<bound>\d+)", "must have {sign} {bound} {unit}"),
    (r"Expected `(?P<kinds>[^`]+)`, got `(?P<got>[^`]+)`", "must be {kinds}, not {got}"),
    (r"Invalid enum value (?P<value>.+)", "cannot be {value}"),
    (r"Invalid value (?P<value>.+)", "cannot be {value}"),
    (r"Invalid RFC3339 encoded date", "must be a date such as 2027-12-25"),
    (r"Invalid RFC3339 encoded datetime", "must be a date with a time, such as 2027-12-25T06:00:00Z"),
    (r"Expected `datetime` with a timezone component", "must have a time zone, such as 2027-12-25T06:00:00Z"),
    (r"Expected `datetime` with no timezone component", "must have no time zone, such as 2027-12-25T06:00:00"),
    (r"Object missing required field `(?P<field>\w+)`", "lacks “{field}”"),
    (r"Object contains unknown field `(?P<field>[^`]+)`", "has a field “{field}”, which is not known"),
]
SIGNS = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}


def misread(wrong: msgspec.ValidationError) -> str:
    """The message of msgspec as a sentence without its full stop, which begins with the place.

    `Expected `int` <= 31 - at `$.rule.month_days[0]`` becomes `“rule.month_days”, entry 1, must be at most 31`. A message of our own, or one that is
    not known, stays as it is; a known place comes before it.
    """
    match = WHERE.match(str(wrong))
    what, path = (match["what"], match["path"] or "") if match else (str(wrong), "")
    for form, words in FORMS:
        if found := re.fullmatch(form, what):
            return f"{_place(path)} {words.format(**_said(found.groupdict()))}"
    return what


def _place(path: str) -> str:
    """`.rule.month_days[0]` as “rule.month_days”, entry 1,; keys of an object are not told by msgspec."""
    name = re.sub(r"\[[^\]]*\]", "", path).strip(".")
    entries = re.findall(r"\[(\d+)\]", path)
    place = f"“{name}”" if name else ("It" if not entries else "The list")
    return f"{place}, entry {int(entries[-1]) + 1}," if entries else place


def _said(groups: dict[str, str | None]) -> dict[str, str]:
    said = {name: value or "" for name, value in groups.items()}
    if "sign" in said:
        said["sign"], said["bound"] = SIGNS[said["sign"]], said["bound"].removesuffix(".0")
    for name in ("kinds", "got"):
        if name in said:
            said[name] = " or ".join(KINDS.get(kind.strip(), kind.strip()) for kind in said[name].split("|"))
    said["unit"] = "characters" if said.get("kind") == "str" else "entries"
    return said
