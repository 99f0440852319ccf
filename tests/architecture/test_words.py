"""Docs, docstrings, comments and the interface use the terms of the field. The words listed here need a glossary, so they are not used."""

import ast
import io
import re
import tokenize
from collections.abc import Callable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
BANNED = re.compile(
    r"\bcarr(?:y|ies|ied|ying)\b[^.;]{0,30}?\bout\b|\b(?:door)?bells?\b|\bthe book\b|\bits book\b|\bpulses?\b|\bblows?\b|\bvolleys?\b|\bnursery\b"
    r"|\bwhoever\b|\be-mails?\b|\bcut short\b|\bpeople's code\b"
    r"|\bcame to grief\b|\bstumbl\w+|\bis no more\b|\bpeople may\b|\banew\b|\bforetell\w*|\bunheard\b|\bheard of\b",
    re.IGNORECASE,
)
# What is wrong in a text that a user reads, though it may stand in a comment.
UNPOLISHED = {
    "please": r"\bplease\b",
    "an exclamation mark": r"[a-z]!(?:\s|$)",
    "three dots for an ellipsis": r"[a-z]\.\.\.(?:\s|$)",
    "a plural in brackets": r"[a-z]\(s\)",
    "a plain space before %": r"[\d}] %(?![\w(%])",
    "a negated noun": r"\bwhich (?:is|are) no\b|\bis none\.",
    "a wire, which is a connection": r"\bwires?\b(?!-)",
}
# Their texts are read in a terminal, beside code.
TERMINAL = {"outages.py", "prepare.py", "rate_table.py", "readers.py", "supervisor.py", "variables.py"}
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
PYTHON = [path for folder in ("pipelines", "designer") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
INTERFACE = [path for path in (ROOT / "frontend" / "src").rglob("*.ts*") if "generated" not in path.name and ".test." not in path.name]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def prose(path: Path) -> str:
    """What a person reads in a file: of Python its docstrings, texts, and comments that may have one of the words; of other files everything."""
    text = path.read_text()
    if path.suffix != ".py":
        return text
    suspect = bool(BANNED.search(text))  # tokenizing all files would take seconds
    tokens = tokenize.generate_tokens(io.StringIO(text).readline) if suspect else ()
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    found += [node.value for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return "\n".join(found)


def texts(path: Path) -> list[str]:
    """The texts of a source file that are written to be read: more than one word, and neither comments nor docstrings."""
    source = path.read_text()
    if path.suffix == ".py":
        tree = parsed(path)
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found = [node.value for node in constants if id(node) not in docstrings]
    else:
        code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)
        found = [max(match) for match in re.findall(r"'([^'\n]*)'|\"([^\"\n]*)\"|`([^`]*)`|>([^<>{}\n]+)<", code)]
    return [text for text in found if " " in text.strip()]


def faults(paths: list[Path], find: Callable[[Path], object]) -> dict[str, object]:
    """What is found in each file where something is found."""
    return {str(path.relative_to(ROOT)): found for path in paths if (found := find(path))}


def test_the_terms_of_the_field_are_used():
    assert faults([*DOCS, *PYTHON, *INTERFACE], lambda path: [match[0] for match in BANNED.finditer(prose(path))]) == {}


def test_texts_are_polished():
    def unpolished(path: Path) -> object:
        read = texts(path)
        return {fault: found for fault, pattern in UNPOLISHED.items() if (found := [text for text in read if re.search(pattern, text)])}

    assert faults([*PYTHON, *INTERFACE], unpolished) == {}


def test_shares_are_written_in_one_way():
    """By `phrases.percent`, with a no-break space: a format of Python writes “26.4%”."""

    def formatted(path: Path) -> object:
        formats = [node.format_spec for node in ast.walk(parsed(path)) if isinstance(node, ast.FormattedValue) and node.format_spec]
        ends = [spec.values[-1].value for spec in formats if isinstance(spec, ast.JoinedStr) and isinstance(spec.values[-1], ast.Constant)]
        written = [text for text in texts(path) if re.search(r"\d%(?=[ .,;:)]|$)(?! \(bernoulli)", text)]
        return [*(end for end in ends if str(end).endswith("%")), *written]

    assert faults([path for path in PYTHON if path.name not in TERMINAL], formatted) == {}


def test_names_in_a_text_have_curly_quotes():
    """‘column “price”’, not “column 'price'”: where a name is put into a text, its quotes are typographic."""

    def straight(path: Path) -> object:
        pieces = [node.values for node in ast.walk(parsed(path)) if isinstance(node, ast.JoinedStr)]
        around = [
            (before.value, after.value)
            for values in pieces
            for before, name, after in zip(values, values[1:], values[2:], strict=False)
            if isinstance(before, ast.Constant) and isinstance(name, ast.FormattedValue) and isinstance(after, ast.Constant)
        ]
        return [ends for ends in around if ends[0].endswith("'") and ends[1].startswith("'") and not ends[0].endswith("('")]

    assert faults([path for path in PYTHON if path.name not in TERMINAL], straight) == {}


def test_the_list_finds_what_it_is_for():
    assert [bool(BANNED.search(text)) for text in ("Carried it all out.", "A doorbell", "It is executed.", "bellows")] == [
        True,
        True,
        False,
        False,
    ]
