"""What the database itself holds of runs, steps, events and results."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.models import Build, Event, Result, Run, Step, new_id
from tests.support.graph_builder import chain
from tests.support.ledger_driver import start

pytestmark = pytest.mark.django_db


def test_ids_are_long_and_never_the_same():
    assert len({new_id() for _ in range(100)}) == 100 and len(new_id()) == 32


def test_a_run_gives_its_plan_back():
    it = Run.objects.get(pk=start(chain(2)).id)
    assert it.read_plan() == compile(chain(2), catalogue(), {})


def twice(make):
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_node_has_one_step_in_a_run():
    it = start(chain(0))
    twice(lambda: Step.objects.create(run=it, node="other"))


def test_a_number_has_one_event_in_a_run():
    it = start(chain(0))
    twice(lambda: Event.objects.create(run=it, seq=99, at=timezone.now(), body={}))


def test_a_key_has_one_result_in_a_workspace():
    facts = {
        "key": "k",
        "module": "m",
        "node": "n",
        "run": "r",
        "ingredients": {},
        "outputs": {},
        "seconds": 0,
        "created_at": timezone.now(),
    }
    twice(lambda: Result.objects.create(scope="s", **facts))
    Result.objects.create(scope="another", **facts)


def test_what_belongs_to_a_run_goes_with_it():
    it = start(chain(1))
    it.delete()
    assert not Step.objects.exists() and not Event.objects.exists()


LEASE = timedelta(seconds=30)


@pytest.fixture
def lease() -> Build:
    return Build.objects.create(digest="a", requirements=[], state="waiting")


def claim() -> Build | None:
    now = timezone.now()
    return Build.claim(Build.objects.filter(Q(state="waiting") | Q(lease_until__lt=now)), LEASE, state="building")


def test_a_row_is_claimed_once_until_its_lease_runs_out(lease: Build) -> None:
    first = claim()
    assert first is not None and (first.attempt, first.state) == (1, "building")
    assert claim() is None
    Build.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert second is not None and second.attempt == 2


def test_what_a_former_holder_writes_has_no_effect(lease: Build) -> None:
    first = claim()
    Build.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    second = claim()
    assert first and second
    assert not first.renew(LEASE, log="late") and not first.release(state="failed")
    assert second.renew(LEASE, log="mine") and second.release(state="built")
    found = Build.objects.get()
    assert (found.state, found.log, found.lease_until) == ("built", "mine", None)
    assert not second.renew(LEASE, log="after the end")


def test_the_next_due_row_is_tried_when_another_worker_is_faster(lease: Build) -> None:
    Build.objects.create(digest="b", requirements=[], state="waiting")
    assert [row.digest for row in (claim(), claim()) if row] == ["a", "b"]
    assert claim() is None
