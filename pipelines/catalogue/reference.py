"""The module reference as Markdown, one page a shelf, made from the palette."""

from __future__ import annotations

import json
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.help import ModuleHelp, help_of
from pipelines.catalogue.palette import Module, Param, Port, Shelf, palette

NOTE = "Generated from the modules' docstrings by `python manage.py reference docs/modules`. Do not edit."


def pages() -> dict[str, str]:
    """Return the pages by file name: one for each shelf, and an index."""
    found = palette()
    by_shelf = {shelf.id: [module for module in found.modules if module.shelf == shelf.id] for shelf in found.shelves}
    made = {f"{shelf.id}.md": _page(shelf.title, by_shelf[shelf.id]) for shelf in found.shelves}
    lines = [f"- [{shelf.title}]({shelf.id}.md): {', '.join(_link(shelf, each) for each in by_shelf[shelf.id])}" for shelf in found.shelves]
    return {**made, "README.md": _text(["# Modules", "", NOTE, "", *lines])}


def _link(shelf: Shelf, module: Module) -> str:
    return f"[{module.title}]({address(shelf.id, module.title)})"


def address(shelf: str, title: str) -> str:
    """Return the address of a module's part of a page, from the folder of the pages."""
    return f"{shelf}.md#{anchor(title)}"


def anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char in "-_")


def _page(title: str, modules: list[Module]) -> str:
    return _text([f"# {title}", "", NOTE, *(line for module in modules for line in _module(module))])


def _module(module: Module) -> list[str]:
    page = help_of(module.id)
    assert page is not None
    lines = ["", f"## {module.title}", "", f"`{module.id}`. {module.summary}"]
    lines += ["", f"**When to use.** {page.when}"] if page.when else []
    lines += [line for paragraph in page.text for line in ("", paragraph)]
    if module.extra:
        lines += ["", f"Needs the extra `{module.extra.name}`: `{module.extra.command}`."]
    if module.aliases:
        lines += ["", f"Also found as: {', '.join(module.aliases)}."]
    ports = [("in", port) for port in module.inputs] + [("out", port) for port in module.outputs]
    lines += ["", "| Port | | Kind | |", "|---|---|---|---|", *(_port(side, port) for side, port in ports)] if ports else []
    lines += ["", "| Setting | Name | Default | |", "|---|---|---|---|", *map(_param, module.params)] if module.params else []
    lines += ["", f"Example: {_example(page)}."] if page.example else ["", f"Example: none. {page.no_example}"]
    lines += ["", f"Errors: {_errors(page)}."] if page.errors else []
    lines += [line for source in page.sources for line in ("", f"Source: {source}")]
    return [*lines, "", f"Code: [`{page.file}`](../../{page.file})"]


def _example(page: ModuleHelp) -> str:
    return " → ".join(_step(node) for node in page.example["nodes"].values())


def _step(node: dict[str, Any]) -> str:
    settings = ", ".join(f"{name} = `{value if isinstance(value, str) else json.dumps(value)}`" for name, value in node["params"].items())
    title = catalogue().modules[node["module"]].title
    return f"{title} ({settings})" if settings else title


def _errors(page: ModuleHelp) -> str:
    """The codes, each with its remedies."""
    remedies: dict[str, list[str]] = {}
    for error in page.errors:
        remedies.setdefault(error.code, []).append(error.remedy)
    return "; ".join(f"`{code}`{_told(texts)}" for code, texts in remedies.items())


def _told(texts: list[str]) -> str:
    told = " ".join(dict.fromkeys(text for text in texts if text.strip("….")))
    return f" ({_cell(told).rstrip('.')})" if told else ""


def _port(side: str, port: Port) -> str:
    notes = [note for note, holds in (("optional", port.optional), ("several", port.multiple)) if holds]
    kind = ", ".join([port.kind.replace("_", " "), *notes])
    return f"| {port.title} | {side} | {kind} | {_cell(port.help)} |"


def _param(param: Param) -> str:
    default = "required" if param.required else _default(param)
    choices = f" Choices: {'; '.join(choice.title for choice in param.choices)}." if param.choices else ""
    return f"| {param.title} | `{param.name}` | {default}{_range(param)} | {_cell(param.help + choices)} |"


def _default(param: Param) -> str:
    value = param.default
    if param.kind == "choice":
        return _cell(next((choice.title for choice in param.choices if choice.value == value), str(value)))
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in (None, ""):
        return "none"
    return _cell(str(value).splitlines()[0]) if isinstance(value, int | float | str) else "see the form"


def _range(param: Param) -> str:
    ends = [
        f"{'above' if param.exclusive_min else 'from'} {param.min:g}" if param.min is not None else "",
        f"{'below' if param.exclusive_max else 'to'} {param.max:g}" if param.max is not None else "",
    ]
    words = " ".join(filter(None, ends))
    return f" ({words})" if words else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
