"""Colours are written in one place: the tokens of the canvas, and the declarations of port kinds and shelves in Python."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.catalogue.discover import catalogue
from tests.support.app_server import ROOT

SRC = ROOT / "frontend/src"
TOKENS = SRC / "ui/tokens.css"
LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!\()|\b(?:rgba?|hsla?|oklch|oklab|lch|lab|hwb)\(|light-dark\(")
NAMES = "black|blue|brown|cyan|dark|gold|grape|green|indigo|lime|magenta|navy|orange|pink|purple|silver|teal|violet|white|yellow"
IN_CSS = re.compile(rf"(?<![-\w])(?:{NAMES}|red|gr[ae]y)(?![-\w])(?=[^{{}}]*[;}}])")
# Mantine's red and gray are the tokens' (ui/theme.ts); its other palettes are not.
IN_CODE = re.compile(rf"\b(?:c|bg|color|fill|stroke|background)\s*[:=]\s*\{{?[\"'](?:{NAMES})(?:\.\d)?[\"']|[\"'](?:red|gray)\.\d[\"']")
# Colours of both schemes that a kind declares are put together here.
PUT_TOGETHER = {SRC / "ui/PortKindIcon.tsx": 1}


def _files() -> Iterator[Path]:
    for file in [*SRC.rglob("*.css"), *SRC.rglob("*.ts"), *SRC.rglob("*.tsx"), *(ROOT / "templates").glob("*.html")]:
        if file != TOKENS and ".test." not in file.name and ".fixture." not in file.name and ".generated." not in file.name:
            yield file


def _written(file: Path, text: str) -> list[str]:
    """Colours in a text without its comments."""
    bare = re.sub(r"/\*.*?\*/|^\s*//.*$|&#\d+;", "", text, flags=re.DOTALL | re.MULTILINE)
    patterns = (LITERAL, IN_CSS if file.suffix == ".css" else IN_CODE)
    return [found.group() for pattern in patterns for found in pattern.finditer(bare)]


def test_no_colour_is_written_outside_the_tokens() -> None:
    found = {file: _written(file, file.read_text()) for file in _files()}
    assert {str(file.relative_to(ROOT)): colours for file, colours in found.items() if len(colours) > PUT_TOGETHER.get(file, 0)} == {}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("a.css", "a { color: #fff; }"),
        ("a.css", "b { fill: white }"),
        ("a.css", "b { border: 1px solid red; }"),
        ("a.tsx", "c={'oklch(1 0 0)'}"),
        ("a.tsx", '<Text c="blue">'),
        ("a.tsx", '<Button color="red.9">'),
        ("a.ts", "{ color: 'teal' }"),
        ("a.ts", "x: 'light-dark(a, b)'"),
    ],
)
def test_each_way_to_write_a_colour_is_found(file: str, line: str) -> None:
    assert _written(Path(file), line)


def test_words_that_are_no_colours_pass() -> None:
    assert not _written(Path("a.css"), ".red-mark { white-space: nowrap; color: var(--text) }")
    assert not _written(Path("a.tsx"), '<Button color="red" variant="white">')


def test_the_canvas_has_the_icon_of_every_module() -> None:
    known = set(re.findall(r"^  '?([a-z0-9-]+)'?: Icon", (SRC / "ui/moduleIcons.ts").read_text(), re.MULTILINE))
    declared = {module.id: module.icon for module in catalogue().modules.values() if not module.id.startswith("trial.")}
    assert {id: icon for id, icon in declared.items() if icon not in known} == {}
    assert len(set(declared.values())) == len(declared)  # one icon a module
