"""Commits of items while their chunk goes on."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, connection

from pipelines.execution.fan import ItemEnd
from pipelines.execution.step import Stopped
from pipelines.execution.targets import ItemSink
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.claim import Claim

log = logging.getLogger(__name__)


class ItemCommits(ItemSink):
    """Commits the ends of a chunk's items as they come. While the database is away, they are kept for the next commit.

    Args:
        claim: The claim of the chunk.
        run: Its run.
        holds: Whether they are kept for the end of the chunk, as in a search, whose item ends with what is asked for next.
    """

    def __init__(self, claim: Claim, run: str, *, holds: bool) -> None:
        self._claim, self._run, self._holds = claim, run, holds
        self._taken: deque[ItemEnd] = deque()
        self._unsent: list[ItemEnd] = []
        self.seconds = 0.0  # of the items so far

    def take(self, ends: Sequence[ItemEnd]) -> None:
        self._taken.extend(ends)
        self.seconds += sum(end.seconds for end in ends)

    def commit(self) -> None:
        """Commit what was taken.

        Raises:
            Stopped: When another process has the chunk.
        """
        if self._holds or not self._gathered():
            return
        try:
            with ledger.open_ledger(self._run) as unit:
                if not unit.record_items(self._claim, self._unsent):
                    raise Stopped
            self._unsent.clear()
        except (OperationalError, InterfaceError) as fault:  # they are committed with the next ones
            log.warning("run %s: the database is away, and the items of %s are committed later: %s", self._run, self._claim.node, fault)
            connection.close()

    def rest(self) -> Sequence[ItemEnd]:
        """Return what is not committed yet."""
        return list(self._gathered())

    def _gathered(self) -> list[ItemEnd]:
        while self._taken:
            self._unsent.append(self._taken.popleft())
        return self._unsent
