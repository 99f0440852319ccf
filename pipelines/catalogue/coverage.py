"""What of another system's catalogue Easel covers: a table made of a hand-written list and the palette."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.module import Module

NOTE = "Generated from [modules.toml](modules.toml) and the modules by `python manage.py reference docs/modules`. Do not edit."


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """A module there: the module here or why it is missing, and the names here of its ports and settings (with commas; empty for none)."""

    module: str = ""
    missing: str = ""
    ports: dict[str, str] = msgspec.field(default_factory=dict)
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    differences: str = ""


def entries(file: Path) -> dict[str, Entry]:
    """Return the list by the names there, in its order.

    Raises:
        msgspec.ValidationError: When an entry has an unknown field.
    """
    return msgspec.convert(tomllib.loads(file.read_text()), dict[str, Entry])


def faults(name: str, entry: Entry, modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield what is wrong with an entry, in sentences: what it names does not exist, or it gives no reason."""
    named = [module.id for module in modules.values() if name.lower() in (each.lower() for each in (module.title, *module.aliases))]
    if entry.missing and named:
        yield f"{name} is called missing, but {named[0]} has this name."
    if not entry.missing and entry.module not in modules:
        yield f"{name}: there is no module {entry.module!r}; give the reason as `missing`."
    if (module := modules.get(entry.module)) is None:
        return
    if module.id not in named:
        yield f"{name} is neither the title nor an alias of {module.id}."
    for said, know in ((entry.ports, _port(module)), (entry.settings, module.param)):
        yield from (f"{name}: {module.id} has no “{each}”." for text in said.values() for each in _names(text) if not know(each))
    if not entry.differences and not all([*entry.ports.values(), *entry.settings.values()]):
        yield f"{name}: a port or setting without a counterpart needs a reason in `differences`."


def page(file: Path, link: Callable[[str, str], str]) -> str:
    """Return the table as Markdown; `link` makes the address of a module's page from its shelf's id and its title."""
    found = entries(file)
    modules = catalogue().modules
    made = sum(entry.module in modules for entry in found.values())
    lines = [
        "# Modules, by their names elsewhere",
        "",
        NOTE,
        "",
        f"{made} of {len(found)} modules have a counterpart. “3 of 4” counts ports or settings.",
    ]
    lines += ["", "| Name elsewhere | In Easel | Ports | Settings | Differences and reasons |", "|---|---|---|---|---|"]
    for name, entry in found.items():
        module = modules.get(entry.module)
        here = f"[{module.title}]({link(module.shelf.id, module.title)})" if module else "–"
        reasons = [f"{entry.missing[:1].upper()}{entry.missing[1:]}."] if entry.missing else []
        lines.append(
            f"| {name} | {here} | {_covered(entry.ports)} | {_covered(entry.settings)} | {' '.join([*reasons, entry.differences]).strip()} |"
        )
    return "\n".join(lines) + "\n"


def _covered(said: Mapping[str, str]) -> str:
    lacking = [name for name, here in said.items() if not here]
    count = f"{len(said) - len(lacking)} of {len(said)}" if said else "none"
    return f"{count} (not {', '.join(lacking)})" if lacking else count


def _names(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _port(module: Module) -> Callable[[str], Any]:
    return lambda name: module.input(name) or module.output(name)
