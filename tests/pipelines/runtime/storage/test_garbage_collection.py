"""Cleaning: what is past its time goes, what anything needs stays, whatever else is going on."""

import threading
import time
from datetime import timedelta
from uuid import uuid4

import msgspec
import pytest
from django.db import connection
from django.utils import timezone

from pipelines import flow
from pipelines.models import Event, Fan, Holding, Item, ItemValue, Result, Run, Step, Unreferenced
from pipelines.runtime.storage.artifacts import store
from pipelines.runtime.storage.garbage_collection import collect_garbage
from tests.support.graph_builder import TABLE, draw
from tests.support.ledger_driver import claim, finish, new_scope, run, start

LONG = timedelta(days=30)


def drawn(*numbers):
    """A pipeline of tables that differ from each other."""
    return draw({f"n{number}": ("data.enter_data", {"text": f"a\n{number}"}) for number in numbers})


def outputs(*runs):
    return {record["digest"] for step in Step.objects.filter(run__in=runs) for record in step.outputs.values()}


def there(scope):
    return {file.digest for file in flow.store(scope).files()}


def age(*runs, days=40.0):
    """Let runs, and what they left, be so many days old."""
    past = timezone.now() - timedelta(days=days)
    Run.objects.filter(pk__in=[it.pk for it in runs]).update(finished_at=past, created_at=past)
    Result.objects.filter(run__in=[it.pk for it in runs]).update(created_at=past)
    Step.objects.filter(run__in=runs).update(finished_at=past)


def cleaned(scope, of_datasets=(), older_than=LONG, **how):
    """Clean without grace."""
    time.sleep(0.01)  # the clock of files is coarse
    return collect_garbage(scope, of_datasets, older_than, **{"grace": 0, **how})


@pytest.mark.django_db
def test_a_run_past_its_time_goes_with_all_that_is_its_own():
    scope = new_scope()
    old, new = run(drawn(1, 2, 3), scope), run(drawn(3, 4), scope)
    age(old)
    gone = cleaned(scope)
    assert (gone.runs, gone.results, gone.files, gone.later_files) == (1, 2, 2, 0)
    assert there(scope) == outputs(new) and len(there(scope)) == 2
    assert list(Run.objects.values_list("pk", flat=True)) == [new.pk]
    assert set(Result.objects.values_list("node", flat=True)) == {"n3", "n4"}
    assert not Event.objects.filter(run=old.pk) and not Step.objects.filter(run=old.pk)


@pytest.mark.django_db
def test_without_a_time_all_runs_stay():
    it = run(drawn(1))
    age(it, days=4000)
    assert cleaned(it.scope, older_than=None).runs == 0
    assert there(it.scope) == outputs(it)


@pytest.mark.django_db
def test_the_newest_run_of_a_pipeline_stays_and_so_does_the_newest_that_was_done():
    scope, pipeline = new_scope(), uuid4().hex
    older, done, failed = (run(drawn(number), scope, document=pipeline) for number in (1, 2, 3))
    Run.objects.filter(pk=failed.pk).delete()
    failed = Run.objects.create(scope=scope, document=pipeline, state="failed", graph={}, plan={}, created_at=timezone.now())
    for days, it in enumerate((failed, done, older), 40):
        age(it, days=days)
    cleaned(scope)
    assert set(Run.objects.values_list("pk", flat=True)) == {done.pk, failed.pk}
    assert outputs(done) <= there(scope)


@pytest.mark.django_db
def test_a_run_that_goes_on_stays_however_old_and_so_does_what_it_is_planned_with():
    it = run(drawn(1))
    going = start(drawn(2), it.scope)
    digest = next(iter(outputs(it)))
    Run.objects.filter(pk=going.pk).update(created_at=timezone.now() - timedelta(days=400), plan={"datasets": {"digest": digest}})
    age(it)
    assert cleaned(it.scope).runs == 1
    assert Run.objects.get().pk == going.pk and there(it.scope) == {digest}


@pytest.mark.django_db
def test_what_a_dataset_holds_stays_until_the_dataset_goes():
    it = run(drawn(1))
    digest = outputs(it)
    age(it)
    cleaned(it.scope, digest)
    assert there(it.scope) == digest
    assert cleaned(it.scope).files == 1
    assert there(it.scope) == set()


@pytest.mark.django_db
def test_the_page_of_an_output_stays_with_it():
    it = run(drawn(1))
    page = flow.store(it.scope).scratch()
    page.write_bytes(b"{}")
    digest, _ = flow.store(it.scope).keep(page)
    step = Step.objects.get()
    step.outputs["table"]["report"] = digest
    step.save()
    cleaned(it.scope)
    assert digest in there(it.scope)


@pytest.mark.django_db
def test_blobs_of_items_stay_while_a_run_or_a_known_value_has_them():
    scope = new_scope()
    it = run(draw({"source": TABLE, "spread": ("trial.spread", {"to": 1})}, "source.table spread.table"), scope)
    (blob,) = (blob["digest"] for blob in Item.objects.values_list("blob", flat=True))
    age(it)
    assert cleaned(scope).runs == 1 and not Item.objects.exists() and not Fan.objects.exists()
    assert there(scope) == {blob}, "its value is not old"
    ItemValue.objects.update(created_at=timezone.now() - timedelta(days=40))
    assert cleaned(scope, dry_run=True).files == 1
    assert cleaned(scope).files == 1 and there(scope) == set() and not ItemValue.objects.exists()


@pytest.mark.django_db
def test_a_value_stays_while_a_kept_run_has_its_item():
    scope = new_scope()
    run(draw({"source": TABLE, "spread": ("trial.spread", {"to": 1})}, "source.table spread.table"), scope)
    ItemValue.objects.update(created_at=timezone.now() - timedelta(days=40))
    cleaned(scope)
    assert ItemValue.objects.count() == 1


@pytest.mark.django_db
def test_a_dry_run_tells_what_would_go_and_changes_nothing():
    scope = new_scope()
    old, _ = run(drawn(1, 2, 3), scope), run(drawn(3), scope)
    age(old)
    held = there(scope)
    told = cleaned(scope, dry_run=True)
    assert (told.runs, told.results, told.files, told.later_files) == (1, 2, 2, 0) and told.bytes > 0
    assert cleaned(scope, dry_run=True, grace=3600).later_files == 2
    assert (there(scope), Run.objects.count(), Result.objects.count(), Unreferenced.objects.count()) == (held, 2, 3, 0)
    assert cleaned(scope) == msgspec.structs.replace(told, dry_run=False)


@pytest.mark.slow
@pytest.mark.django_db
def test_what_nothing_needs_goes_only_when_that_has_been_so_for_the_grace():
    it = run(drawn(1))
    age(it)
    first = collect_garbage(it.scope, (), LONG, grace=60)
    assert (first.runs, first.files, first.later_files) == (1, 0, 1)
    Unreferenced.objects.update(since=timezone.now() - timedelta(seconds=61))
    assert collect_garbage(it.scope, (), LONG, grace=60).files == 0, "the file itself is too young"
    Unreferenced.objects.update(since=timezone.now() - timedelta(seconds=61))
    time.sleep(1.1)
    assert collect_garbage(it.scope, (), LONG, grace=1).files == 1
    assert Unreferenced.objects.count() == 0


@pytest.mark.django_db
def test_what_is_needed_again_meanwhile_stays():
    it = run(drawn(1))
    age(it)
    collect_garbage(it.scope, (), LONG)
    assert Unreferenced.objects.count() == 1
    again = run(drawn(1), it.scope)
    Unreferenced.objects.update(since=timezone.now() - timedelta(days=1))
    assert cleaned(it.scope).files == 0
    assert there(it.scope) == outputs(again) and Unreferenced.objects.count() == 0


@pytest.mark.django_db
def test_a_file_is_not_taken_from_under_a_step_that_is_about_to_commit_it():
    it = run(drawn(1))
    age(it)
    collect_garbage(it.scope, (), LONG)
    Unreferenced.objects.update(since=timezone.now() - timedelta(days=1))
    again = start(drawn(2), it.scope)
    taken = claim(again)
    page = flow.store(it.scope).scratch()
    page.write_bytes(flow.store(it.scope).path(next(iter(there(it.scope)))).read_bytes())
    flow.store(it.scope).keep(page)  # the same bytes, as its step would keep them
    assert collect_garbage(it.scope, (), LONG).files == 0
    assert finish(again, taken) and len(there(it.scope)) == 2


@pytest.mark.django_db
def test_another_scopes_things_are_left_alone():
    mine, other = run(drawn(1)), run(drawn(1))
    age(mine, other)
    cleaned(mine.scope)
    assert there(mine.scope) == set() and there(other.scope) == outputs(other)
    assert Run.objects.get().pk == other.pk


@pytest.mark.django_db
def test_what_is_left_is_measured():
    it = run(drawn(1, 2))
    age(it)
    digest = next(iter(outputs(it)))
    cleaned(it.scope, {digest})
    assert (Holding.objects.get().files, Holding.objects.get().of_runs) == (1, 0)
    assert Holding.objects.get().of_datasets == flow.store(it.scope).path(digest).stat().st_size


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("grace", [0.5, 2.0])
def test_nothing_that_is_needed_is_ever_lost(grace):
    """Runs start, reuse and end while everything older than nothing is cleaned, again and again."""
    scope, began = new_scope(), time.monotonic()
    faults, cleanings, opened, ended = [], [], 0, threading.Event()

    def keep_cleaning():
        try:
            while not ended.is_set():
                cleanings.append(collect_garbage(scope, (), timedelta(0), grace=grace))
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    cleaner = threading.Thread(target=keep_cleaning)
    cleaner.start()
    turn = 0
    while not faults and (passed := time.monotonic() - began) < 60:
        gone = sum(each.files for each in cleanings), sum(each.runs for each in cleanings)
        if passed > 4 * grace and opened > 50 and gone[0] > 0 and gone[1] > 10:  # a busy machine takes longer to get there
            break
        turn += 1
        rested = int(passed / (1.5 * grace)) % 3  # comes back when it has long been without use
        it = run(drawn(1000 + turn, 100 + turn // 3 % 4, rested), scope, document="pipeline")
        for step in Step.objects.filter(run=it.pk, state="done"):
            for record in step.outputs.values():
                if Run.objects.filter(pk=it.pk).exists():  # the newest of its pipeline, so that it stays
                    assert flow.table(flow.Output.from_json(record), scope).frame.height == 1
                    opened += 1
    ended.set()
    cleaner.join()
    assert faults == [] and opened > 50
    assert sum(gone.files for gone in cleanings) > 0 and sum(gone.runs for gone in cleanings) > 10


@pytest.mark.django_db
def test_a_far_store_is_cleaned_too(settings):
    settings.EASEL_STORE_URL = f"memory://cleaning-{uuid4().hex}"
    store.cache_clear()
    try:
        old = run(drawn(1, 2))
        new = run(drawn(2, 3), old.scope)
        age(old)
        assert cleaned(old.scope, dry_run=True).files == 1
        assert cleaned(old.scope).files == 1
        assert there(old.scope) == outputs(new)
    finally:
        store.cache_clear()
