"""What the API answers about a run that verifies another."""

from __future__ import annotations

from typing import Annotated

import msgspec

from pipelines import flow


class NewerData(msgspec.Struct):
    """A dataset or saved value that has a newer version than the one that a run read."""

    dataset: Annotated[str, msgspec.Meta(description="Its id.")]
    title: str
    version: Annotated[int, msgspec.Meta(description="The version that was read.")]
    newest: int


class Verdict(flow.Verdict, frozen=True):
    """Whether a run gave what an earlier one gave, and which of the data has a newer version, which neither of them read."""

    newer: list[NewerData] = []
