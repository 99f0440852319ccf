"""The columns that a column of an output is computed from, one step back: as the module declares it, by name, or all that arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from pipelines.catalogue.errors import UNFORESEEN
from pipelines.catalogue.lineage import told
from pipelines.catalogue.module import Module, Port
from pipelines.catalogue.ports import TABLE, Table

# declared  the module says it
# name      it has the name of a column that arrives, in rows that arrive; where a step learns from rows, other rows matter too
# all       the module does not say: all that arrives may matter
Basis = Literal["declared", "name", "all"]
Heads = Mapping[str, Sequence[Table | None]]


class Source(NamedTuple):
    """A column at an input: the port, the place of its value there, and the name; None for the whole value."""

    port: str
    at: int
    column: str | None


class Sources(NamedTuple):
    """What a column comes from, and how that is known."""

    parts: frozenset[Source]
    basis: Basis


def sources_of(module: Module | None, settings: Mapping[str, object], heads: Heads, port: str, column: str | None) -> Sources:
    """Return what a column of an output comes from.

    Args:
        module: The module; None for one that is not installed any more, or that repeats others.
        settings: Its settings, as the function receives them.
        heads: The tables without rows at every input, in order; None for other values and unknown columns.
        port: The output.
        column: The column; None for the output as a whole.
    """
    everything = Sources(frozenset(Source(name, at, None) for name, tables in heads.items() for at in range(len(tables))), "all")
    output = module.output(port) if module else None
    if module is None or output is None:
        return everything
    if output.kind != TABLE:
        return _trained(module, settings, heads) or everything
    if column is None:
        return everything
    if (declared := _derived(module, settings, heads)) is not None and column in declared:
        return Sources(frozenset(declared[column]), "declared")
    if told(module.lineage.rows, settings) not in (None, "new") and (same := frozenset(_namesakes(module, settings, heads, column))):
        return Sources(same, "name" if declared is None else "declared")
    return everything


def _tables(module: Module, heads: Heads) -> Iterator[tuple[Port, int, Table | None]]:
    for port in module.inputs:
        if port.kind == TABLE:
            yield from ((port, at, table) for at, table in enumerate(heads.get(port.name, ())))


def _derived(module: Module, settings: Mapping[str, object], heads: Heads) -> Mapping[str, Iterable[Source]] | None:
    """The columns that a rule of the module names, with their sources; None without a rule."""
    if module.lineage.derives is None:
        return None
    arriving = [*_tables(module, heads)]
    try:
        found = module.lineage.derives(settings, *(table for _, _, table in arriving))
        return {
            new: [Source(arriving[at][0].name, arriving[at][1], name) for at, name in parts if at < len(arriving)]
            for new, parts in found.items()
        }
    except UNFORESEEN:  # columns that are not known
        return None


def _namesakes(module: Module, settings: Mapping[str, object], heads: Heads, column: str) -> Iterator[Source]:
    of = told(module.lineage.of, settings)
    for port, at, table in _tables(module, heads):
        if table is not None and column in table.frame.columns and (of is None or port.name in of):
            yield Source(port.name, at, column)


def _trained(module: Module, settings: Mapping[str, object], heads: Heads) -> Sources | None:
    """Return the features and the label of a module that declares that it trains on them; all other inputs as wholes."""
    if not module.lineage.trains:
        return None
    found: set[Source] = set()
    label = settings.get(module.lineage.label or "")
    tables = {(port.name, at): table for port, at, table in _tables(module, heads)}
    for name, values in heads.items():
        for at in range(len(values)):
            table = tables.get((name, at))
            if table is None:
                found.add(Source(name, at, None))
                continue
            used = (column for column in table.frame.columns if table.role(column).role in ("feature", "label", "weight"))
            found |= {Source(name, at, column) for column in dict.fromkeys([*used, *([label] if label in table.frame.columns else ())])}
    return Sources(frozenset(found), "declared")
