"""Items of a chunk are committed while it goes on, and kept while they cannot be."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from pipelines.execution.fan import ItemEnd
from pipelines.execution.step import Stopped
from pipelines.models import Item, Step
from pipelines.runtime.ledger import ledger
from pipelines.runtime.ledger.run_spec import spec_of
from pipelines.runtime.worker.item_commits import ItemCommits
from pipelines.runtime.worker.tasks import execute
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import claim, start

pytestmark = pytest.mark.django_db
END = ItemEnd("n0", {"square": 0}, None, 0.25)


@pytest.fixture
def chunk():
    """A run and the claim of a chunk of its items."""
    it = start(draw({"source": TABLE, "spread": ("trial.spread", {"to": 3})}, "source.table spread.table"))
    for _ in range(2):
        mine = claim(it)
        with ledger.open_ledger(it.id) as unit:
            unit.settle(execute(it.id, spec_of(it.id), mine))
    return it, claim(it)


def ended(it):
    return list(Item.objects.filter(run=it, state="done").values_list("key", flat=True))


def test_what_was_taken_is_committed_once(chunk):
    it, mine = chunk
    commits = ItemCommits(mine, it.id, holds=False)
    commits.commit()
    commits.take([END])
    assert ended(it) == [] and list(commits.rest()) == [END] and commits.seconds == 0.25
    commits.commit()
    assert ended(it) == ["n0"] and not commits.rest()


def test_items_of_a_search_are_kept_for_the_end_of_their_chunk(chunk):
    it, mine = chunk
    commits = ItemCommits(mine, it.id, holds=True)
    commits.take([END])
    commits.commit()
    assert ended(it) == [] and list(commits.rest()) == [END]


def test_items_wait_for_a_database_that_is_away(chunk, monkeypatch):
    it, mine = chunk
    commits = ItemCommits(mine, it.id, holds=False)
    commits.take([END])
    with monkeypatch.context() as away:
        away.setattr(ledger, "open_ledger", lambda _: (_ for _ in ()).throw(OperationalError("away")))
        away.setattr("pipelines.runtime.worker.item_commits.connection.close", lambda: None)
        commits.commit()
    assert list(commits.rest()) == [END]
    commits.commit()
    assert ended(it) == ["n0"]


def test_a_chunk_that_another_process_has_stops(chunk):
    it, mine = chunk
    Step.objects.filter(pk=mine.id).update(attempt=9)
    commits = ItemCommits(mine, it.id, holds=False)
    commits.take([END])
    with pytest.raises(Stopped):
        commits.commit()
    assert ended(it) == []
