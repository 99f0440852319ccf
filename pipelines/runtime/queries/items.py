"""Read the fan-outs of a step, and pages of their items."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from pipelines.models import Fan, Item, Run

MOST_ITEMS = 500  # in a page
ItemState = Literal["waiting", "done", "failed"]
ItemOrder = Literal["ordinal", "-ordinal", "seconds", "-seconds", "key", "-key"]


class ItemError(msgspec.Struct):
    """Why an item has no value."""

    code: str
    words: str
    remedy: str
    port: str | None = None
    param: str | None = None
    column: str | None = None


class ShownItem(msgspec.Struct):
    """An item of a fan-out."""

    ordinal: int
    key: str
    state: ItemState
    reused: Annotated[bool, msgspec.Meta(description="Whether its value is that of an earlier run.")]
    seconds: float | None
    figures: Any
    error: ItemError | None


class ShownFan(msgspec.Struct):
    """A fan-out and its counts; `seconds` is the sum of what its items took."""

    index: int
    noun: Annotated[str, msgspec.Meta(description="What its items are called, for people.")]
    total: int
    ended: int
    failed: int
    reused: int
    seconds: float
    opened_at: datetime


class Items(msgspec.Struct):
    """The fan-outs of a step, and a page of the items of one of them; `found` are the items that match."""

    fans: list[ShownFan]
    found: int
    items: list[ShownItem]


def items(
    run: Run,
    node: str,
    *,
    fan: int | None = None,
    state: ItemState | None = None,
    search: str = "",
    sort: ItemOrder = "ordinal",
    offset: int = 0,
    limit: int = MOST_ITEMS,
) -> Items:
    """Return a page of a step's items.

    Args:
        run: The run.
        node: The step's node.
        fan: The number of the fan-out; None for the last.
        state: Only items in this state; None for all.
        search: Only items whose key contains this text.
        sort: The order.
        offset: How many items to leave out.
        limit: How many items to return, at most.
    """
    fans = [_fan(each) for each in Fan.objects.filter(run=run, node=node).order_by("index")]
    found = Item.objects.filter(run=run, node=node, fan=(fans[-1].index if fans else 0) if fan is None else fan)
    if state:
        found = found.filter(state=state)
    if search:
        found = found.filter(key__icontains=search)
    page = found.order_by(sort, "ordinal")[offset : offset + min(limit, MOST_ITEMS)]
    return Items(fans, found.count(), [_item(each) for each in page])


def _fan(fan: Fan) -> ShownFan:
    return ShownFan(fan.index, fan.noun, fan.total, fan.ended, fan.failed, fan.reused, fan.seconds, fan.opened_at)


def _item(item: Item) -> ShownItem:
    error = msgspec.convert(item.error, ItemError) if item.error else None
    return ShownItem(item.ordinal, item.key, item.state, item.reused, item.seconds, item.figures, error)  # type: ignore[arg-type]  # a text column
