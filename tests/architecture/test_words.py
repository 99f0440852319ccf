"""Docs, docstrings, comments and the interface use the terms of the field. The words listed here need a glossary, so they are not used."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BANNED = re.compile(
    r"\bcarr(?:y|ies|ied|ying)\b[^.;]{0,30}?\bout\b|\b(?:door)?bells?\b|\bthe book\b|\bits book\b|\bpulses?\b|\bblows?\b|\bvolleys?\b|\bnursery\b"
    r"|\bcame to grief\b|\bstumbl\w+|\bis no more\b|\bpeople may\b|\banew\b|\bforetell\w*|\bunheard\b|\bheard of\b",
    re.IGNORECASE,
)
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
PYTHON = [path for folder in ("pipelines", "designer") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
INTERFACE = [path for path in (ROOT / "frontend" / "src").rglob("*.ts*") if "generated" not in path.name and ".test." not in path.name]


def prose(path: Path) -> str:
    """What a person reads in a file: of Python its docstrings, comments and texts, of other files everything."""
    text = path.read_text()
    if path.suffix != ".py":
        return text
    found = [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT]
    found += [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(found)


@pytest.mark.parametrize("path", [*DOCS, *PYTHON, *INTERFACE], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_terms_of_the_field_are_used(path):
    assert [match[0] for match in BANNED.finditer(prose(path))] == []


def test_the_list_finds_what_it_is_for():
    assert [bool(BANNED.search(text)) for text in ("Carried it all out.", "A doorbell", "It is executed.", "bellows")] == [
        True,
        True,
        False,
        False,
    ]
