"""Read the fan-outs of a step, and pages of their items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from pipelines.catalogue.items import Failure, ItemResult, Trial
from pipelines.catalogue.items import Item as Asked
from pipelines.execution.fan import CHUNK_MARK, Chunk
from pipelines.execution.schedule import State
from pipelines.models import Fan, Item, Result, Run, Step
from pipelines.runtime.queries.item_order import figure_paths, number_at, ordered

MOST_ITEMS = 500  # in a page
BEST, BETTER = "score", "better"  # the figure by which items are compared; the greater, the better, unless another says “low”
ItemState = Literal["waiting", "running", "done", "reused", "failed"]


class ItemError(msgspec.Struct):
    """Why an item has no value."""

    code: str
    words: str
    remedy: str
    port: str | None = None
    param: str | None = None
    column: str | None = None


class ShownItem(msgspec.Struct):
    """An item of a fan-out. Reused is one whose value is that of an earlier run; running, one whose chunk a worker executes."""

    ordinal: int
    key: str
    state: ItemState
    seconds: float | None
    figures: Any
    error: ItemError | None
    asked: Annotated[Any, msgspec.Meta(description="What a search asked for, such as settings; null for an item of a list.")] = None


class ShownFan(msgspec.Struct):
    """A fan-out and its counts; `seconds` is the sum of what its items took."""

    index: int
    search: Annotated[bool, msgspec.Meta(description="Whether its items are chosen one after the other, so that `total` are those so far.")]
    most: Annotated[
        int | None, msgspec.Meta(description="How many items a search asks for at most; null if that is not known, and of a list.")
    ]
    noun: Annotated[str, msgspec.Meta(description="What its items are called, for people.")]
    total: int
    ended: int
    failed: int
    reused: int
    running: int
    seconds: float
    opened_at: datetime
    left_seconds: Annotated[
        float | None, msgspec.Meta(description="Until its last item ends, at the rate so far; null if it does not go on.")
    ]


class BestItem(msgspec.Struct):
    """An item whose figure “score” is better than that of all before it."""

    ordinal: int
    key: str
    score: float


class Items(msgspec.Struct):
    """The fan-outs of a step, and a page of the items of one of them; `found` are the items that match."""

    fans: list[ShownFan]
    fan: Annotated[int | None, msgspec.Meta(description="The number of the fan-out that is listed; null without any.")]
    figures: Annotated[list[str], msgspec.Meta(description="The numbers among the figures of its items, by which they can be sorted.")]
    found: int
    items: list[ShownItem]


@dataclass(frozen=True)
class _Place:
    """The step that executed the items: that of an earlier run, if its result was reused."""

    run: str
    node: str
    goes_on: bool

    @classmethod
    def of(cls, run: Run, step: Step) -> _Place:
        origin = Result.objects.filter(scope=run.scope, key=step.key).values_list("run", "node").first() if step.reused else None
        return cls(*(origin or (run.id, step.node)), step.state == State.FANNED)

    def fans(self) -> list[Fan]:
        return list(Fan.objects.filter(run_id=self.run, node=self.node).order_by("index"))

    def chunks(self) -> list[Chunk]:
        """Return the chunks that workers execute now."""
        if not self.goes_on:
            return []
        running = Step.objects.filter(run_id=self.run, state=State.RUNNING, node__startswith=f"{self.node}{CHUNK_MARK}")
        return [chunk for name in running.values_list("node", flat=True) if (chunk := Chunk.of(name))]

    def items(self, fan: int) -> QuerySet[Item]:
        return Item.objects.filter(run_id=self.run, node=self.node, fan=fan)


def items(
    run: Run,
    step: Step,
    *,
    fan: int | None = None,
    state: ItemState | None = None,
    search: str = "",
    sort: str = "ordinal",
    offset: int = 0,
    limit: int = MOST_ITEMS,
) -> Items:
    """Return a page of a step's items.

    Args:
        run: The run.
        step: The step.
        fan: The number of the fan-out; None for the last.
        state: Only items in this state; None for all.
        search: Only items whose key contains this text.
        sort: The order: ordinal, key, state, seconds, or `figures.` and the name of a figure; descending after a minus.
        offset: How many items to leave out.
        limit: How many items to return, at most.
    """
    place = _Place.of(run, step)
    fans, chunks = place.fans(), place.chunks()
    chosen = fan if fan is not None else fans[-1].index if fans else None
    if chosen is None:
        return Items([], None, [], 0, [])
    every, running = place.items(chosen), [(chunk.first, chunk.last) for chunk in chunks if chunk.fan == chosen]
    matching = _in_state(every, state, running)
    if search:
        matching = matching.filter(key__icontains=search)
    found, paths = matching.count(), figure_paths(every)
    page = ordered(matching, sort, paths, found, offset, min(limit, MOST_ITEMS))
    in_hand = _in_state(every, "running", running).count() if running else 0
    shown = [_fan(each, in_hand if each.index == chosen else 0, place.goes_on) for each in fans]
    return Items(shown, chosen, list(paths), found, [_item(each, running) for each in page])


def best_items(run: Run, step: Step, fan: int | None = None) -> list[BestItem]:
    """Return the items of a fan-out whose score is better than that of all before them, in order; the last is the best.

    Of very many, some are left out.

    Args:
        run: The run.
        step: The step.
        fan: The number of the fan-out; None for the last.
    """
    place = _Place.of(run, step)
    fans = place.fans()
    chosen = fan if fan is not None else fans[-1].index if fans else None
    best: list[BestItem] = []
    done = place.items(chosen or 0).filter(state=State.DONE).order_by("ordinal")
    first = done.values_list("figures", flat=True).first()
    sign = -1 if isinstance(first, dict) and first.get(BETTER) == "low" else 1
    for each in done.values_list("ordinal", "key", number_at((BEST,))).iterator(chunk_size=5000):
        if each[2] is not None and (not best or sign * each[2] > sign * best[-1].score):
            best.append(BestItem(*each))
    return [*best[: -1 : len(best) // MOST_ITEMS + 1], *best[-1:]]


def trials(run: Run, step: Step) -> list[Trial]:
    """Return the items of a step's last search, in order, without their blobs."""
    place = _Place.of(run, step)
    searches = [fan.index for fan in place.fans() if fan.search]
    rows = place.items(searches[-1]).order_by("ordinal") if searches else Item.objects.none()
    return [Trial(Asked(each.key, each.asked), _result(each) if each.state in (State.DONE, State.FAILED) else None) for each in rows]


def _result(item: Item) -> ItemResult:
    failure = msgspec.convert(item.error, Failure) if item.error else None
    return ItemResult(item.key, item.figures, failure, item.seconds or 0.0)


def failed_items(run: Run) -> dict[str, int]:
    """Return how many items of each node failed, over all its fan-outs but searches, where a failed trial is no gap."""
    return dict(Fan.objects.filter(run=run, failed__gt=0, search=False).values_list("node").annotate(Sum("failed")))


def _in_state(every: QuerySet[Item], state: ItemState | None, running: Sequence[tuple[int, int]]) -> QuerySet[Item]:
    if state is None:
        return every
    if state in ("done", "reused"):
        return every.filter(state=State.DONE, reused=state == "reused")
    if state == "failed":
        return every.filter(state=State.FAILED)
    claimed = Q(pk__in=())
    for first, last in running:
        claimed |= Q(ordinal__gte=first, ordinal__lt=last)
    return every.filter(claimed if state == "running" else ~claimed, state=State.WAITING)


def _fan(fan: Fan, running: int, goes_on: bool) -> ShownFan:
    left = _left_seconds(fan) if goes_on else None
    return ShownFan(
        fan.index, fan.search, fan.most, fan.noun, fan.total, fan.ended, fan.failed, fan.reused, running, fan.seconds, fan.opened_at, left
    )  # fmt: skip


def _left_seconds(fan: Fan) -> float | None:
    """Return how long a fan-out goes on at the rate so far; a search no longer than its budget."""
    elapsed, executed = (timezone.now() - fan.opened_at).total_seconds(), fan.ended - fan.reused
    expected = fan.most if fan.search else fan.total
    left = [(expected - fan.ended) * elapsed / executed] if expected and executed else []
    left += [fan.budget - elapsed] if fan.budget else []
    return max(0.0, min(left)) if left else None


def _item(item: Item, running: Sequence[tuple[int, int]]) -> ShownItem:
    state = "reused" if item.reused else item.state
    if state == State.WAITING and any(first <= item.ordinal < last for first, last in running):
        state = "running"
    error = msgspec.convert(item.error, ItemError) if item.error else None
    return ShownItem(item.ordinal, item.key, state, item.seconds, item.figures, error, item.asked)  # type: ignore[arg-type]  # a text column
