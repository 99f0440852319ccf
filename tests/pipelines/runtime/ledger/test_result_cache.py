"""Known results are looked at before they are reused: small files at once, large and far ones while nobody waits."""

from uuid import uuid4

import pytest
from django.db import connection

from pipelines import flow
from pipelines.execution import store as store_module
from pipelines.models import Step
from pipelines.runtime.storage.artifacts import ValueCache, store
from tests.support.graph_builder import TABLE, chain, draw
from tests.support.ledger_driver import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def all_large(monkeypatch):
    """Even the smallest table is too large to be read while others wait."""
    monkeypatch.setattr("pipelines.execution.store.LARGE", 100)


@pytest.fixture
def readings(monkeypatch):
    """Whether a transaction was open whenever a file was read to tell its digest."""
    seen = []
    digest = store_module._digest

    def noted(file):
        seen.append(connection.in_atomic_block)
        return digest(file)

    monkeypatch.setattr(store_module, "_digest", noted)
    return seen


def reused(it):
    return set(Step.objects.filter(run=it, reused=True).values_list("node", flat=True))


def test_a_large_file_that_this_process_never_saw_is_read_between_two_transactions(all_large, readings):
    first = run(chain(1))
    store.cache_clear()
    readings.clear()
    second = run(chain(1), first.scope)
    assert reused(second) == {"source", "n0"}
    assert readings == [False]


def test_a_flipped_byte_in_a_large_file_is_noticed_and_the_step_carried_out_anew(all_large):
    first = run(chain(1))
    place = flow.store(first.scope).path(flow.output(first, "source", "table").digest)
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 1
    place.write_bytes(data)
    store.cache_clear()
    second = run(chain(1), first.scope)
    assert (second.state, reused(second)) == ("done", {"n0"})
    assert flow.table(flow.output(second, "source", "table"), first.scope).frame.height == 3


@pytest.fixture
def far(settings):
    """The installation's store is a far one."""
    settings.EASEL_STORE_URL = f"memory://reuse-{uuid4().hex}"
    store.cache_clear()
    yield
    store.cache_clear()


def test_what_a_far_store_has_is_reused_by_a_process_that_never_saw_it(far):
    first = run(chain(3))
    store.cache_clear()
    second = run(chain(3), first.scope)
    assert reused(second) == {"source", "n0", "n1", "n2"}


def test_what_a_far_store_lost_is_made_anew(far):
    first = run(chain(1))
    flow.store(first.scope).remove([flow.output(first, "source", "table").digest], before=9e9)
    second = run(chain(1), first.scope)
    assert (second.state, reused(second)) == ("done", {"n0"})


def test_a_far_file_that_is_damaged_fails_who_reads_it_and_is_made_anew_by_the_next_run(far, monkeypatch):
    """Another machine damaged it: this one has no copy."""
    first = run(chain(1))
    files = flow.store(first.scope)
    digest = flow.output(first, "source", "table").digest
    files._files.pipe_file(files._place(digest), b"x" * flow.output(first, "source", "table").bytes)
    files._copies.drop()
    monkeypatch.setattr("pipelines.runtime.worker.tasks._values", ValueCache())
    store.cache_clear()
    second = run(draw({"source": TABLE, "new": ("trial.pass_on", {"mark": 99})}, "source.table new.table"), first.scope)
    assert second.state == "failed"
    assert Step.objects.get(run=second, node="new").error["code"] == "damaged_input"
    third = run(chain(2), first.scope)
    assert third.state == "done"
