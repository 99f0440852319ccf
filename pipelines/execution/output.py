"""Output records: the artifact of a step at a port, small enough for a database row or an event."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

import msgspec
import polars as pl

from pipelines.catalogue.columns import kind_of
from pipelines.catalogue.ports import ColumnKind, ColumnRole, Role, Table
from pipelines.execution.headline import Headline


class ColumnInfo(msgspec.Struct, frozen=True, gc=False):
    """A column as shown to users and passed to later modules."""

    name: str
    dtype: str
    kind: ColumnKind
    role: Role = "feature"
    categorical: bool = False
    positive: str | None = None
    model: str | None = None
    task: str | None = None
    threshold: float | None = None

    def as_role(self) -> ColumnRole:
        """Return the column's role, as a Table stores it."""
        return ColumnRole(self.role, self.categorical, self.positive, self.model, self.task, self.threshold)


class Output(msgspec.Struct, frozen=True, dict=True):
    """An artifact in the store: `digest` is the BLAKE3 hash of its bytes; `report` that of its report, if any.

    A deferred output has no file: its consumer computes it. Its `key`, from its step and port, identifies it, and stays when the output is
    materialized, so that results computed from it stay cached. Its `bytes` are the size of its inputs.

    A model with `by_code` was created by user code: it is loaded in isolation only, since its types are checked and its values are not.
    `kind` is the id of its port kind; a report has a `headline`, if it has figures.
    """

    kind: str
    digest: str
    bytes: int
    rows: int | None = None
    columns: tuple[ColumnInfo, ...] | None = None
    report: str | None = None
    deferred: bool = False
    key: str = ""
    by_code: bool = False
    headline: Headline | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the record as the database stores it."""
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Output:
        """Create the record from its JSON."""
        return msgspec.convert(data, cls)

    @cached_property
    def content(self) -> str:
        """Return what identifies the output to a consumer: its bytes or their source, and the column roles."""
        roles = [
            (
                *(column.name, column.role, column.categorical, column.positive, column.model),
                *((column.task,) if column.task else ()),
                *((column.threshold,) if column.threshold is not None else ()),
            )
            for column in self.columns or ()
        ]
        return sha256(msgspec.json.encode((self.key or self.digest, roles))).hexdigest()

    @cached_property
    def roles(self) -> Mapping[str, ColumnRole]:
        """Return the roles of a table's columns."""
        return {column.name: column.as_role() for column in self.columns or ()}

    def describes(self, table: Table) -> bool:
        """Return whether these are the columns and roles of a table that is stored in this file, or holds columns of it."""
        return table.roles == self.roles and table.frame.columns == list(self.roles)


class PublicOutput(msgspec.Struct, gc=False):
    """An output as events and the API show it: a table with its column count only, since there may be thousands of columns.

    A deferred one is not stored; it is computed on demand.
    """

    kind: Annotated[str, msgspec.Meta(description="The id of a port kind.")]
    digest: str
    bytes: int
    rows: int | None
    width: Annotated[int | None, msgspec.Meta(description="The number of columns of a table.")]
    deferred: bool
    headline: Annotated[Headline | None, msgspec.Meta(description="The first metric of a report.")]


def public_outputs(outputs: Mapping[str, Output]) -> dict[str, PublicOutput]:
    """Return a step's outputs as events and the API show them."""
    return {port: _public(output) for port, output in outputs.items()}


def _public(output: Output) -> PublicOutput:
    width = None if output.columns is None else len(output.columns)
    return PublicOutput(output.kind, output.digest, output.bytes, output.rows, width, output.deferred, output.headline)


def describe(table: Table) -> tuple[ColumnInfo, ...]:
    """Return the columns of a table, in order."""
    return tuple(describe_column(name, dtype, table.role(name)) for name, dtype in table.frame.schema.items())


def describe_column(name: str, dtype: pl.DataType, role: ColumnRole) -> ColumnInfo:
    """Return one column, by its type and role."""
    return ColumnInfo(name, str(dtype), kind_of(dtype), role.role, role.categorical, role.positive, role.model, role.task, role.threshold)
