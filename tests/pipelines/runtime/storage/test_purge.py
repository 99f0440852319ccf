"""A scope's end: nothing of it stays, and nothing of others goes."""

import pytest

from pipelines import flow
from pipelines.models import Event, Holding, Result, Run, Step, Unreferenced
from pipelines.runtime.storage.garbage_collection import collect_garbage
from tests.support.graph_builder import chain
from tests.support.ledger_driver import new_scope, run, start

pytestmark = pytest.mark.django_db


def digest(it):
    return flow.output(it, "n0", "table").digest


def scratch(scope):
    file = flow.store(scope).scratch()
    file.write_bytes(b"nobody's")
    return file


def test_runs_results_and_files_go_and_those_of_others_stay(django_capture_on_commit_callbacks):
    mine, other = run(chain(1)), run(chain(1))
    kept = [digest(mine), digest(other)]
    for it in (mine, other):
        flow.store(it.scope).keep(scratch(it.scope))
        collect_garbage(it.scope, (), None)
    with django_capture_on_commit_callbacks(execute=True):
        flow.purge(mine.scope)
    assert [store.has(digest) for store, digest in zip(map(flow.store, (mine.scope, other.scope)), kept, strict=True)] == [False, True]
    for model in (Run, Result, Holding, Unreferenced):
        assert set(model.objects.values_list("scope", flat=True)) == {other.scope}
    for model in (Step, Event):
        assert set(model.objects.values_list("run", flat=True)) == {other.id}


def test_files_stay_until_it_is_committed_that_the_rest_is_gone(django_capture_on_commit_callbacks):
    it = run(chain(1))
    kept = digest(it)
    with django_capture_on_commit_callbacks() as afterwards:
        flow.purge(it.scope)
    assert flow.store(it.scope).has(kept) and len(afterwards) == 1


def test_a_scope_with_a_run_that_goes_on_is_left_as_it_is():
    it = start(chain(1))
    with pytest.raises(flow.RunsInProgress) as going:
        flow.purge(it.scope)
    assert going.value.runs == 1 and Run.objects.filter(pk=it.pk).exists()
    flow.cancel(it)
    flow.purge(it.scope)
    assert not Run.objects.filter(pk=it.pk).exists()


def test_a_scope_where_nothing_happened_is_forgotten_too(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        flow.purge(new_scope())
