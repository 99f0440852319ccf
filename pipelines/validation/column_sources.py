"""The columns that a column of an output is computed from, one step back: as the module declares it, by name, or all that arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True)
class StepSources:
    """What the columns of a step's outputs come from, one step back. The rules of its module are asked once for all of them.

    Args:
        module: The module; None for one that is not installed any more, or that repeats others.
        settings: Its settings, as the function receives them.
        heads: The tables without rows at every input, in order; None for other values and unknown columns.
    """

    module: Module | None
    settings: Mapping[str, object]
    heads: Heads

    def of(self, port: str, column: str | None) -> Sources:
        """Return what a column of an output comes from.

        Args:
            port: The output.
            column: The column; None for the output as a whole.
        """
        output = self.module.output(port) if self.module else None
        if self.module is None or output is None:
            return self._everything
        if output.kind != TABLE:
            return self._trained or self._everything
        if column is None:
            return self._everything
        if self._derived is not None and column in self._derived:
            return Sources(frozenset(self._derived[column]), "declared")
        if self._keeps_rows and (same := frozenset(self._namesakes(column))):
            return Sources(same, "name" if self._derived is None else "declared")
        return self._everything

    @cached_property
    def _everything(self) -> Sources:
        return Sources(frozenset(Source(name, at, None) for name, tables in self.heads.items() for at in range(len(tables))), "all")

    @cached_property
    def _keeps_rows(self) -> bool:
        return self.module is not None and told(self.module.lineage.rows, self.settings) not in (None, "new")

    @cached_property
    def _tables(self) -> Sequence[tuple[Port, int, Table | None]]:
        ports = [port for port in (self.module.inputs if self.module else ()) if port.kind == TABLE]
        return [(port, at, table) for port in ports for at, table in enumerate(self.heads.get(port.name, ()))]

    @cached_property
    def _derived(self) -> Mapping[str, Iterable[Source]] | None:
        """The columns that a rule of the module names, with their sources; None without a rule."""
        if self.module is None or self.module.lineage.derives is None:
            return None
        arriving = self._tables
        try:
            found = self.module.lineage.derives(self.settings, *(table for _, _, table in arriving))
            return {
                new: [Source(arriving[at][0].name, arriving[at][1], name) for at, name in parts if at < len(arriving)]
                for new, parts in found.items()
            }
        except UNFORESEEN:  # columns that are not known
            return None

    @cached_property
    def _kept(self) -> Sequence[tuple[str, int, Collection[str]]]:
        """The columns of the tables whose rows an output has."""
        of = told(self.module.lineage.of, self.settings) if self.module else None
        arriving = ((port.name, at, table) for port, at, table in self._tables if table is not None and (of is None or port.name in of))
        return [(port, at, frozenset(table.frame.columns)) for port, at, table in arriving]

    def _namesakes(self, column: str) -> Iterator[Source]:
        return (Source(port, at, column) for port, at, columns in self._kept if column in columns)

    @cached_property
    def _trained(self) -> Sources | None:
        """Return the features and the label of a module that declares that it trains on them; all other inputs as wholes."""
        if self.module is None or not self.module.lineage.trains:
            return None
        found: set[Source] = set()
        label = self.settings.get(self.module.lineage.label or "")
        tables = {(port.name, at): table for port, at, table in self._tables}
        for name, values in self.heads.items():
            for at in range(len(values)):
                table = tables.get((name, at))
                if table is None:
                    found.add(Source(name, at, None))
                    continue
                used = (column for column in table.frame.columns if table.role(column).role in ("feature", "label", "weight"))
                found |= {Source(name, at, column) for column in dict.fromkeys([*used, *([label] if label in table.frame.columns else ())])}
        return Sources(frozenset(found), "declared")
