"""What a store holds: counted as results come, measured by a look."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pipelines import flow
from pipelines.models import Holding
from pipelines.runtime.storage import references
from pipelines.runtime.storage.usage import measure, measure_if_stale, record_dataset, storage_usage
from tests.support.graph_builder import draw
from tests.support.ledger_driver import new_scope, run

pytestmark = pytest.mark.django_db


def table(number):
    return draw({"a": ("data.enter_data", {"text": f"a\n{number}"})})


def size_of(it):
    return flow.output(it, "a", "table").bytes


def test_a_scope_where_nothing_happened_holds_nothing():
    assert storage_usage(new_scope()).bytes == 0


def test_each_result_is_counted_once():
    it = run(table(1))
    assert storage_usage(it.scope).of_runs == storage_usage(it.scope).of_runs == size_of(it)
    other = run(table(2), it.scope)
    assert storage_usage(it.scope).of_runs == size_of(it) + size_of(other)
    run(table(2), it.scope)
    assert storage_usage(it.scope).of_runs == size_of(it) + size_of(other), "it was reused"


def test_datasets_are_counted_beside():
    scope = new_scope()
    record_dataset(scope, 100)
    record_dataset(scope, 11)
    assert (storage_usage(scope).of_datasets, storage_usage(scope).bytes) == (111, 111)


def test_a_look_tells_what_is_whose_and_counting_goes_on_from_there():
    it, other = run(table(1)), new_scope()
    store = flow.store(it.scope)
    loose = store.scratch()
    loose.write_bytes(b"12345")
    store.keep(loose)
    found = measure(it.scope, (), references.referenced_digests(it.scope), store.files())
    assert (found.of_runs, found.of_datasets, found.unreferenced, found.files) == (size_of(it), 0, 5, 2)
    assert measure(it.scope, {flow.output(it, "a", "table").digest}, (), store.files()).of_datasets == size_of(it)
    after = run(table(2), it.scope)
    assert storage_usage(it.scope).bytes == size_of(it) + 5 + size_of(after)
    assert storage_usage(other).bytes == 0


def test_a_store_is_looked_through_at_most_once_a_minute():
    it = run(table(1))
    assert measure_if_stale(it.scope, ()).bytes == size_of(it)
    Holding.objects.update(of_runs=1)
    assert measure_if_stale(it.scope, ()).bytes == 1
    Holding.objects.update(measured_at=timezone.now() - timedelta(minutes=2))
    assert measure_if_stale(it.scope, ()).bytes == size_of(it)
