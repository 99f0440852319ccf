"""What the API answers about the guardrails of a search."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec


class FoundRows(msgspec.Struct):
    """The rows that a guardrail is about, in the table that the search was given."""

    filters: Annotated[list[dict[str, Any]], msgspec.Meta(description="Conditions that all of them meet, as the rows endpoint takes them.")]
    sort: Annotated[str, msgspec.Meta(description="The column by which they lie beside each other, or empty.")]
    numbers: Annotated[list[int], msgspec.Meta(description="The numbers of some, from 1, where no condition tells them apart.")]


class FoundGuardrail(msgspec.Struct):
    """What a guardrail of a search found, in words."""

    id: str
    title: str
    state: Literal["passed", "done", "alerted"]
    words: str
    columns: list[str]
    rows: FoundRows | msgspec.UnsetType = msgspec.UNSET
