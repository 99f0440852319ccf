"""The reference of problem codes as Markdown, read from the code that raises them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pipelines.catalogue.problem_codes import Entry, in_file

ROOT = Path(__file__).resolve().parents[2]
NOTE = "Generated from the code by `python manage.py problem_codes docs/problem-codes.md`. Do not edit."


@cache
def entries() -> list[Entry]:
    """Return every report of a problem with a literal code, in the order of codes and files."""
    files = (file for package in ("pipelines", "designer") for file in sorted((ROOT / package).rglob("*.py")))
    return sorted({entry for file in files if "migrations" not in file.parts for entry in in_file(file, str(file.relative_to(ROOT)))})


def page() -> str:
    """Return the reference: a table for each part of Easel."""
    parts: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries():
        parts[_part(entry.file)][entry.code].append(entry)
    lines = ["# Problem codes", "", NOTE, "", "Programs read the code; the sentence may change. … stands for what varies."]
    for part, codes in sorted(parts.items()):
        lines += ["", f"## {part}", "", "| Code | What it says | Remedy |", "|---|---|---|"]
        lines += [
            f"| `{code}` | {_cells(each.words for each in found)} | {_cells(each.remedy for each in found)} |"
            for code, found in codes.items()
        ]
    return "\n".join(lines) + "\n"


def _part(file: str) -> str:
    folders = Path(file).parts
    return "/".join(folders[:3] if folders[:2] == ("pipelines", "modules") else folders[:2]).removesuffix(".py")


def _cells(texts: Iterator[str]) -> str:
    return "<br>".join(dict.fromkeys(text.replace("|", "\\|").replace("\n", " ") for text in texts if text))
