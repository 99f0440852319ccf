"""Docstrings of modules: Google style with two sections more, `When to use` and `Example`."""

from __future__ import annotations

import inspect
from typing import Any

from docstring_parser import Docstring
from docstring_parser.google import DEFAULT_SECTIONS, GoogleParser, Section, SectionType

WHEN, EXAMPLE = "when", "examples"
_parser = GoogleParser([*DEFAULT_SECTIONS, Section("When to use", WHEN, SectionType.SINGULAR)])


def parse(declared: Any) -> Docstring:
    """Return the docstring of a function or class, parsed; empty without one."""
    return _parser.parse(inspect.getdoc(declared) or "")


def section(doc: Docstring, key: str) -> str:
    """Return the text of a section, empty where the docstring has none."""
    return next((each.description or "" for each in doc.meta if each.args == [key]), "")
