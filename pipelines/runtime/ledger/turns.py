"""Fair scheduling: a woken worker serves the user with the fewest running steps among those who have ready steps, and of that user's runs the one with
the fewest.

A message wakes a worker and names a run, but it may serve any run: each run has sent as many messages as it can use workers.
The rule is fair queueing between the users of workspaces, and between the runs of a user: nobody waits behind all runs of another, and no small run behind all
items of a large one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from cachetools import LRUCache
from django.db import InterfaceError, OperationalError

from pipelines.runtime.ledger import sql

Person = tuple[str, str]  # the workspace, and the user who started the run

MOST_RUNS = 20  # of a user, compared at once
# When this process last served a user, or a run: among those with equally many running steps, the one that waited longest is next.
_served: LRUCache[Person | str, float] = LRUCache(10_000)


@dataclass(frozen=True)
class Turn:
    """A run to serve, and its user."""

    run: str
    person: Person | None = None

    def served(self) -> None:
        """Record that the run and its user were served."""
        _served[self.run] = time.monotonic()
        if self.person:
            _served[self.person] = time.monotonic()

    def is_shared(self) -> bool:
        """Return whether there is another unfinished run, so that this one's time slice ends soon."""
        try:
            return self.person is not None and sum(sql.active_users().values()) > 1
        except (OperationalError, InterfaceError):  # the caller has a result that is not yet committed
            return False


def turns(woken: str) -> Iterator[Turn]:
    """Yield the runs to try, best first; the worker serves the first one with executable steps.

    Args:
        woken: The run that the message names.
    """
    try:
        yield from _fair(woken)
    except (OperationalError, InterfaceError):  # the work on the run itself retries
        yield Turn(woken)


def _fair(woken: str) -> Iterator[Turn]:
    persons = sql.active_users()
    if sum(persons.values()) < 2:
        yield Turn(woken, next(iter(persons), None))
        for person in persons:  # the run of the message is over
            yield from (Turn(run, person) for run in sql.ready_runs(*person, [], 1))
        return
    running, own = sql.running_by_user(), sql.user_of(woken)
    for person in sorted(persons, key=lambda person: (sum(running.get(person, {}).values()), _served.get(person, 0.0))):
        busy = running.get(person, {})
        ready = [woken] if persons[person] == 1 and person == own else sql.ready_runs(*person, list(busy), MOST_RUNS)
        for run in sorted(ready, key=lambda run: (busy.get(run, 0), _served.get(run, 0.0), run != woken)):
            yield Turn(run, person)
        if person == own and woken not in ready:
            yield Turn(woken, person)
