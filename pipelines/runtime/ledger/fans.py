"""Fan-outs in the ledger: items are cut into chunks, which are claimed as steps are; the last one that ends makes its step ready again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from pipelines import events as say
from pipelines.catalogue.fan_out import FanOut
from pipelines.catalogue.items import Failure
from pipelines.execution.fan import CHUNK_SECONDS, MOST_CHUNK_SECONDS, Chunk, ItemEnd
from pipelines.execution.losses import give_up_reason
from pipelines.execution.schedule import TERMINAL, State
from pipelines.execution.step import Outcome
from pipelines.graph.problem import Problem
from pipelines.models import Fan
from pipelines.runtime.ledger import items, sql
from pipelines.runtime.ledger.claim import Fence
from pipelines.runtime.ledger.items import Asked
from pipelines.runtime.ledger.sql import StepRow
from pipelines.runtime.ledger.unit_of_work import UnitOfWork

FEWEST_AT_ONCE = 16  # chunks of one fan-out, ready or running: as many as messages that wake workers
PROGRESS_EVERY = timedelta(seconds=0.25)


class Stale(Exception):
    """Raised when a strategy has asked without knowing what is known by now: it must be asked again."""


class FanLedger(UnitOfWork):
    """The part of a run's ledger that knows fan-outs."""

    def fenced(self, fence: Fence) -> StepRow | None:
        """Return the step or chunk of an attempt, unless it is over or another one has begun."""
        step = self.step(fence.node)
        return step if step.state == State.RUNNING and step.attempt == fence.attempt else None

    def open_fan(self, fence: Fence, fan: FanOut, asked: Asked) -> bool:
        """Record the items of a step's next fan-out and cut the first chunks. Returns False, and changes nothing, when the attempt is over.

        Args:
            fence: The attempt of the step.
            fan: The fan-out.
            asked: Its items; of a search, the first ones.
        """
        step = self.fenced(fence)
        if step is None:
            return False
        opened = Fan(run_id=self.run.id, node=step.node, index=step.fans, noun=fan.noun[:60], may_fail=fan.may_fail, total=0)
        opened.opened_at, opened.at_once, opened.size = self.now, asked.at_once, asked.size
        if plan := fan.strategy:
            opened.search, opened.budget, opened.most = True, plan.seconds, plan.most
        self.change(step, state=State.FANNED, fans=step.fans + 1, owner="", lease_until=None)
        self._add_items(opened, asked)
        self.record_event(say.step(step.node, fans=step.fans))
        self._go_on(opened)
        opened.save(force_insert=True)
        return True

    def record_items(self, fence: Fence, ends: Sequence[ItemEnd]) -> bool:
        """Commit ends of a chunk's items while it goes on. Returns False, and changes nothing, when the attempt is over."""
        step, chunk = self.fenced(fence), Chunk.of(fence.node)
        if step is None or chunk is None:
            return False
        fan = self._fan(chunk)
        self._record(fan, chunk, ends)
        fan.save()
        return True

    def end_chunk(self, fence: Fence, outcome: Outcome, seconds: float, asked: Asked | None = None) -> bool:
        """Commit the end of a chunk; its items that have not ended become chunks of their own. Returns False when the attempt is over.

        In a search, `asked` are the items that its strategy asked for with these ends.

        Raises:
            Stale: When other items have been added since, or have ended and the search would be over.
        """
        step, chunk = self.fenced(fence), Chunk.of(fence.node)
        if step is None or chunk is None:
            return False
        fan = self._fan(chunk)
        self._record(fan, chunk, outcome.items)
        self.change(
            step, state=State.DONE, seconds=seconds, peak_bytes=outcome.peak_bytes, finished_at=self.now, owner="", lease_until=None
        )
        fan.chunks -= 1
        left = items.waiting(self.run.id, chunk.node, chunk.fan, chunk.first, chunk.last)
        size = self._size(fan, len(left), outcome.overhead)
        cuts = [left[start][0] for start in range(0, len(left), size)] if left else []
        self._add_chunks(fan, list(pairwise([*cuts, chunk.last])))
        if fan.search and self.step(fan.node).state == State.FANNED:
            self._search_on(fan, asked)
        self._go_on(fan, size)
        fan.save()
        return True

    def lose_chunk(self, step: StepRow, chunk: Chunk, large: int | None) -> Problem | None:
        """Restart a chunk whose process died: in halves, so that in the end the guilty item stands alone; then that item fails, not the step.

        Returns the problem of the step if its strategy is what the process died of.
        """
        left = items.waiting(self.run.id, chunk.node, chunk.fan, chunk.first, chunk.last)
        if len(left) > 1 or not (left or self._fan(chunk).search):
            self._halve(step, chunk, [ordinal for ordinal, _, _ in left])
        elif problem := give_up_reason(chunk.node, step.losses + 1, large):
            return self.fail_chunk(step, chunk, problem)
        else:
            self.change(step, state=State.READY, owner="", lease_until=None, peak_bytes=None, losses=step.losses + 1)
            self.wakeups += 1
        return None

    def fail_chunk(self, step: StepRow, chunk: Chunk, problem: Problem) -> Problem | None:
        """End a chunk that exceeded a limit: its only item fails; several are tried again in halves.

        Returns the problem of the step if its strategy is what exceeded it.
        """
        left = items.waiting(self.run.id, chunk.node, chunk.fan, chunk.first, chunk.last)
        if len(left) > 1:
            self._halve(step, chunk, [ordinal for ordinal, _, _ in left])
            return None
        if not left and self._fan(chunk).search:
            return problem
        failure = Failure(problem.code, problem.words, problem.remedy or "")
        self.end_chunk(Fence(step.node, step.attempt), Outcome(items=[ItemEnd(key, None, failure, 0.0) for _, key, _ in left]), 0.0)
        return None

    def revoke_chunks(self, node: str) -> None:
        """End the chunks of a step that has failed. The processes that execute some are stopped by the heartbeat, which finds them revoked."""
        self.load()
        for step in list(self.steps.values()):
            chunk = Chunk.of(step.node)
            if chunk and chunk.node == node and step.state not in TERMINAL:
                ended = State.CANCELLED if step.state == State.RUNNING else State.SKIPPED
                self.change(step, state=ended, finished_at=self.now, owner="", lease_until=None)

    def fans_of(self, step: StepRow) -> Sequence[Fan]:
        """Return the fan-outs of a step, in their order."""
        return list(Fan.objects.filter(run_id=self.run.id, node=step.node).order_by("index")) if step.fans else ()

    def _fan(self, chunk: Chunk) -> Fan:
        return Fan.objects.get(run_id=self.run.id, node=chunk.node, index=chunk.fan)

    def _record(self, fan: Fan, chunk: Chunk, ends: Sequence[ItemEnd]) -> None:
        left = {
            key: (ordinal, content) for ordinal, key, content in items.waiting(self.run.id, chunk.node, chunk.fan, chunk.first, chunk.last)
        }
        mine = [item for item in ends if item.key in left]
        items.end(self.run.id, chunk.node, chunk.fan, {left[item.key][0]: item for item in mine})
        items.keep_values(self.spec.scope, self.now, ((left[item.key][1], item) for item in mine))
        fan.ended += len(mine)
        fan.failed += sum(item.failure is not None for item in mine)
        fan.seconds += sum(item.seconds for item in mine)
        self._tell(fan)

    def _add_items(self, fan: Fan, asked: Asked) -> None:
        """Add items; in a search each that is not known is a chunk, in other fan-outs chunks are cut later."""
        first, reused = fan.total, sum(new.known is not None for new in asked.items)
        items.add(self.run.id, fan.node, fan.index, asked.items, first, asked=fan.search)
        fan.total += len(asked.items)
        fan.ended += reused
        fan.reused += reused
        if not fan.search:
            return
        cuts = [(ordinal, ordinal + 1) for ordinal, new in enumerate(asked.items, first) if new.known is None]
        if asked.more and not (cuts or fan.chunks):
            cuts = [(fan.total, fan.total)]
        self._add_chunks(fan, cuts)

    def _search_on(self, fan: Fan, asked: Asked | None) -> None:
        """Add what a strategy has asked for. Where nobody could ask it, a chunk without items does so, unless others still will."""
        if asked is None:
            asked = Asked((), fan.total, fan.ended, more=True)
        if asked.seen != fan.total or (asked.ended != fan.ended and not (asked.items or fan.chunks)):
            raise Stale
        self._add_items(fan, asked)

    def _halve(self, step: StepRow, chunk: Chunk, left: Sequence[int]) -> None:
        fan = self._fan(chunk)
        self.change(step, state=State.DONE, finished_at=self.now, owner="", lease_until=None)
        fan.chunks -= 1
        if left:
            middle = left[len(left) // 2]
            self._add_chunks(fan, [(left[0], middle), (middle, chunk.last)])
        self._go_on(fan)
        fan.save()

    def _go_on(self, fan: Fan, size: int | None = None) -> None:
        """Cut further chunks of so many items; when no item is left, or more failed than may, make the step ready again."""
        step = self.step(fan.node)
        if step.state != State.FANNED:
            return
        if self._is_over(fan):
            if fan.chunks:
                self.revoke_chunks(fan.node)
            self.change(step, state=State.READY)
            self.wakeups += 1
            return
        if fan.search:
            return
        cuts: list[tuple[int, int]] = []
        size = size or self._size(fan)
        while fan.chunks + len(cuts) < (fan.at_once or FEWEST_AT_ONCE):
            found = items.waiting(self.run.id, fan.node, fan.index, fan.next, items.NO_PLACE, size)
            if not found:
                break
            cuts.append((found[0][0], found[-1][0] + 1))
            fan.next, fan.size = found[-1][0] + 1, len(found)
        self._add_chunks(fan, cuts)

    @staticmethod
    def _is_over(fan: Fan) -> bool:
        """Return whether all items have ended, or more failed than may. A search is over when nobody is left who could ask."""
        if fan.may_fail is not None and fan.failed > fan.may_fail:
            return True
        return not fan.chunks if fan.search else fan.ended == fan.total

    def _size(self, fan: Fan, left: int = 0, overhead: float = 0.0) -> int:
        """Return how many items the next chunk has: as many as take a second, at most twice as many as the last, and a fair share of those in no chunk.

        `left` of these were given back. Where a chunk takes time beside its items, they may take five times as long as that, up to five seconds.
        """
        executed = fan.ended - fan.reused
        share = -(-(fan.total - fan.next + left) // (fan.at_once or FEWEST_AT_ONCE))
        if not executed:
            return max(1, min(fan.size, share))
        seconds = max(CHUNK_SECONDS, min(5 * overhead, MOST_CHUNK_SECONDS))
        in_time = seconds * executed / max(fan.seconds, 1e-6)
        return max(1, min(int(in_time), 2 * fan.size, share))

    def _add_chunks(self, fan: Fan, ranges: Sequence[tuple[int, int]]) -> None:
        if self.step(fan.node).state != State.FANNED:  # it was cancelled, or has failed
            return
        names = [Chunk(fan.node, fan.index, first, last).name for first, last in ranges]
        sql.add_steps(self.run.id, ((name, 0, State.READY) for name in names))
        fan.chunks += len(names)
        self.run.remaining += len(names)
        self.wakeups += len(names)
        if names and self.all_loaded:
            self.load(names)

    def _tell(self, fan: Fan) -> None:
        """Record the progress of a fan-out, at most four times a second."""
        if fan.told_at and self.now - fan.told_at < PROGRESS_EVERY and fan.ended < fan.total:
            return
        fan.told_at = self.now
        self.record_event(say.progress(fan.node, *self._progress(fan)))

    def _progress(self, fan: Fan) -> tuple[float, float, str]:
        """Return what is done, of how much, and both in words. A search is as far as its trials or its time, whichever is further."""
        failed = f" · {fan.failed:,} failed" if fan.failed else ""
        if not fan.search:
            return fan.ended, fan.total, f"{fan.ended:,} of {fan.total:,} {fan.noun}{failed}"
        shares, words = [], f"{fan.ended:,} {fan.noun}"
        if fan.most:
            shares.append(fan.ended / fan.most)
            words = f"{fan.ended:,} of {fan.most:,} {fan.noun}"
        if fan.budget:
            taken = (self.now - fan.opened_at).total_seconds()
            shares.append(taken / fan.budget)
            words += f" · {max(0, round(fan.budget - taken)):,} s left"
        return min(1.0, max(shares, default=0.0)), 1.0, words + failed
