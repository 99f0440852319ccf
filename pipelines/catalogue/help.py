"""The help page of a module: what the palette tells, and what only a page has room for."""

from __future__ import annotations

import inspect
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec

from pipelines.catalogue import palette
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.example import NONE, example, lines
from pipelines.catalogue.module import Module
from pipelines.catalogue.problem_codes import raised_by

SOURCE = re.compile(r"\s*\bSource: (.+?)\s*\Z", re.DOTALL)


class Trouble(msgspec.Struct):
    """An error that the module reports; … stands for what varies."""

    code: str
    words: str
    remedy: str


class ModuleHelp(msgspec.Struct):
    """The help page of a module."""

    module: palette.Module
    when: Annotated[str, msgspec.Meta(description="When to use it.")]
    text: Annotated[list[str], msgspec.Meta(description="The help in paragraphs and lists: Markdown with code and links.")]
    sources: Annotated[list[str], msgspec.Meta(description="Where the method comes from.")]
    errors: list[Trouble]
    example: Annotated[Any, msgspec.Meta(description="A document that shows the module at work on sample data, null if it has none.")]
    no_example: Annotated[str, msgspec.Meta(description="Why the example is null; else empty.")]
    file: Annotated[str, msgspec.Meta(description="Its code, in Easel's repository or in a package of further modules.")]


@cache
def help_of(id: str) -> ModuleHelp | None:
    """Return the help page of a module, None when there is no such module."""
    module = catalogue().modules.get(id)
    if module is None:
        return None
    paragraphs, sources = split_sources(module.help)
    errors = [Trouble(each.code, each.words, each.remedy) for each in raised_by(module)]
    return ModuleHelp(
        palette.Module.of(module), module.when, paragraphs, sources, errors, example(id), lines(module).get(NONE, ""), _file(module)
    )


def split_sources(help: str) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a help text without, and only, what follows `Source:` to the end of a paragraph."""
    paragraphs, sources = [], []
    for paragraph in filter(None, re.split(r"\n\s*\n", help)):
        if found := SOURCE.search(paragraph):
            sources.append(" ".join(found[1].split()))
        if rest := SOURCE.sub("", paragraph).strip():
            paragraphs.append(rest)
    return paragraphs, sources


def _file(module: Module) -> str:
    """The path of the module's file from the folder of its package."""
    name = module.function.__module__
    return str(Path(*name.split(".")).with_suffix(Path(inspect.getfile(inspect.unwrap(module.function))).suffix))
