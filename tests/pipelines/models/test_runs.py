"""What the database itself holds of runs, steps, events and results."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pipelines.catalogue.discover import catalogue
from pipelines.compilation import compile
from pipelines.models import Event, Result, Run, Step, new_id
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
