"""Tally Items: a tally that fans out over items, and writes each call of an item down in a file."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import polars as pl

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.fan_out import Strategy, fan_out, search
from pipelines.catalogue.items import Item, Trial, Value
from pipelines.catalogue.module import module
from pipelines.catalogue.ports import Frame
from tests.easel_modules.trial.tally import MODULUS, wait, weigh, write_down


@module("Tally Items", columns=lambda *_, **__: None)
def tally_items(
    *tables: Frame,
    salt: int = 1,
    items: int = 1,
    wave: int = 0,
    seconds: float = 0.0,
    deaf: bool = False,
    ledger: str = "",
    mark: str = "",
) -> Frame:
    """Add up totals as Tally does, and a number for each of some items, in a fan-out.

    Args:
        tables: Tables with a column "total".
        salt: A number to add.
        items: How many items.
        wave: How many items a strategy asks for before it waits for them; 0 lists them all at once.
        seconds: How long all items together wait.
        deaf: Hear no signal while waiting, as long work in C hears none.
        ledger: A file to append a line to at start and end of each item.
        mark: What to call this step in the file.

    Returns:
        One row: the total.
    """

    def each(item: Item) -> Value:
        call = uuid4().hex
        write_down(ledger, "start", f"{mark}#{item.key}", call)
        wait(seconds / items, deaf=deaf)
        write_down(ledger, "end", f"{mark}#{item.key}", call)
        return Value(share(salt, item.content[-1]), item.key.encode())

    def ask(trials: Sequence[Trial], left: float | None) -> Item | None:
        number = len(trials)
        may_ask = number < items and all(trial.result for trial in trials[: number - number % wave])
        return listed[number] if may_ask else None

    listed = [Item(f"i{number}", [salt, mark, number], of_inputs=False) for number in range(items)]
    results = [trial.result for trial in search(Strategy(ask), each, may_fail=0)] if wave else fan_out(listed, each)
    if [result.blob() for result in results if result] != [item.key.encode() for item in listed]:
        raise ModuleError("wrong_blobs", "The blobs are not those of the items.")
    total = weigh(salt, [int(table["total"][0]) for table in tables]) + sum(result.figures for result in results if result)
    return pl.DataFrame({"total": [total % MODULUS]})


def share(salt: int, number: int) -> int:
    """What an item adds to a total."""
    return (salt * (number + 1)) % MODULUS
