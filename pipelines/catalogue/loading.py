"""The modules that load saved values: made of the records of port kinds, one for each kind whose values can be saved."""

from __future__ import annotations

from typing import Any

from pipelines.catalogue.kind import PortKind
from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.params import Param, ParamKind, Range
from pipelines.catalogue.shelf import Shelf

HELP = """
A version never changes, so a pipeline that names one gives the same results later. It is kept as long as it is saved, also after the run that made it is deleted.
"""


def loader_of(kind: PortKind[Any], shelf: Shelf) -> Module:
    """Return the module that loads saved values of a kind."""
    loader, name = kind.loader, kind.output or kind.id
    title = name.replace("_", " ").capitalize()
    if loader is None:
        raise TypeError(f"Values of the kind {kind.id} cannot be saved: its record has no loader.")
    version = Param(
        "version", "Version", ParamKind.INTEGER, nullable=True, range=Range(1), help="The version to load; if empty, the latest."
    )
    return Module(
        id=loader.id,
        title=loader.title,
        shelf=shelf,
        summary=f"Load {kind.words} that was saved from the results of a run.",
        help=HELP.strip(),
        when=loader.when,
        example=f"none: Save {kind.words} from the results of a run first; then choose it here.",
        inputs=(),
        outputs=(Port(name, title, kind.id, f"The {kind.title}, for {loader.goes_to}."),),
        params=(
            Param(name, title, ParamKind.DATASET, required=True, help=f"A saved {kind.title} of the workspace.", holds=kind.id),
            version,
        ),
        function=load,
        icon=loader.icon,
        aliases=(f"saved {kind.title}", "reuse", *loader.aliases),
        loads=kind.id,
    )


def load(*, version: int | None, **value: Any) -> Any:
    """Return the saved value, which the engine has read."""
    return next(iter(value.values()))
