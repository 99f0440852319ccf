"""Fair scheduling: a woken worker serves the user with the fewest running steps among those who have ready steps.

A message wakes a worker and names a run, but it may serve any run: each run has sent as many messages as it can use workers.
The rule is fair queueing between the users of workspaces, so that no user waits behind all runs of another.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from pipelines.runtime.ledger import sql

Person = tuple[str, str]  # the workspace, and the user who started the run

# When this process last served a user: among users with equally many running steps, the one who waited longest is next.
_served: dict[Person, float] = {}


@dataclass(frozen=True)
class Turn:
    """A run to serve, and its user."""

    run: str
    person: Person | None = None

    def served(self) -> None:
        """Record that the user was served."""
        if self.person:
            _served[self.person] = time.monotonic()

    def is_shared(self) -> bool:
        """Return whether another user has an unfinished run, so that this one's time slice ends soon."""
        try:
            return self.person is not None and any(person != self.person for person in sql.active_users())
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
    if not persons:
        yield Turn(woken)
        return
    running = sql.running_by_user() if len(persons) > 1 else {}
    _served_only(persons)
    own = persons[0] if len(persons) == 1 else sql.user_of(woken)
    for person in sorted(persons, key=lambda person: (running.get(person, 0), _served.get(person, 0.0))):
        if person == own:
            yield Turn(woken, person)
        if found := sql.oldest_ready(*person):
            yield Turn(found, person)


def _served_only(persons: list[Person]) -> None:
    for gone in _served.keys() - set(persons):
        del _served[gone]
