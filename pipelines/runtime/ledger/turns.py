"""Whose turn it is: a worker that is woken serves, of those who have ready steps, the person with the fewest running ones.

A message wakes a worker and names a run, but any message may serve any run: each run has sent as many messages as it can use workers.
Source for the rule: fair queueing between the persons of workspaces, so that nobody waits behind all of somebody else's runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from pipelines.runtime.ledger import sql

Person = tuple[str, str]  # the workspace, and who started the run

# When this process last served a person: of those with equally many running steps it serves the one who waited longest.
_served: dict[Person, float] = {}


@dataclass(frozen=True)
class Turn:
    """A run to serve, and whose it is."""

    run: str
    person: Person | None = None

    def served(self) -> None:
        """Note that something was done for the person."""
        if self.person:
            _served[self.person] = time.monotonic()

    def is_shared(self) -> bool:
        """Whether anybody else has a run that is not over, so that this one should soon give others their turn."""
        try:
            return self.person is not None and any(person != self.person for person in sql.persons())
        except (OperationalError, InterfaceError):  # whoever asks holds a result that is not yet committed
            return False


def turns(woken: str) -> Iterator[Turn]:
    """The runs to try, best first; the first of which anything can be carried out is to be served.

    Args:
        woken: The run that a message named.
    """
    try:
        yield from _fair(woken)
    except (OperationalError, InterfaceError):  # work on the run itself is patient
        yield Turn(woken)


def _fair(woken: str) -> Iterator[Turn]:
    persons = sql.persons()
    if not persons:
        yield Turn(woken)
        return
    running = sql.running_of_persons() if len(persons) > 1 else {}
    _served_only(persons)
    own = persons[0] if len(persons) == 1 else sql.person_of(woken)
    for person in sorted(persons, key=lambda person: (running.get(person, 0), _served.get(person, 0.0))):
        if person == own:
            yield Turn(woken, person)
        if found := sql.oldest_ready(*person):
            yield Turn(found, person)


def _served_only(persons: list[Person]) -> None:
    for gone in _served.keys() - set(persons):
        del _served[gone]
