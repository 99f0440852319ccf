"""The short form of `make chaos`: a few count of each kind, the same oracle."""

import os
import random

import pytest

from tests.chaos import faults, proxy
from tests.chaos.arena import Arena, Supervised, processes_of
from tests.chaos.disk import DiskArena, disk
from tests.chaos.web import WebArena, web
from tests.support.installation import Home

pytestmark = [pytest.mark.processes, pytest.mark.slow]
SEED = 3


def fight(home, injections, kind=Arena, **how):
    """Blows of several kinds on one home, then quiet; nothing may be lost, stuck, done twice, or left."""
    with home:
        arena = kind(home, random.Random(SEED), **how)
        for inject, count in injections:
            inject(arena, count)
        arena.settle()
        assert arena.violations == []
        assert arena.counts["kills"] == sum(count for _, count in injections)
        assert arena.counts["done"] > 0
    assert processes_of(home) == []


def test_one_machine():
    injections = [
        (faults.child, 4),
        (faults.messages, 4),
        (faults.broker, 2),
        (faults.cancel, 3),
        (faults.term, 2),
        (faults.worker, 2),
        (faults.stop, 1),
        (faults.child, 1),
        (faults.broker, 1),
    ]
    fight(Home(), injections, Supervised, workers=3, concurrency=2, in_flight=5)


def test_a_team():
    fight(Home(team=True), [(faults.postgres, 2), (faults.child, 2), (faults.broker, 1)], Supervised, workers=2, concurrency=2, in_flight=4)


def test_web_servers_and_those_who_sit_before_them():
    fight(Home(), [(web, 2)], WebArena, workers=1, concurrency=3, in_flight=4)


def test_people_behind_the_proxy(monkeypatch):
    for name, short in {"AWAY_SECONDS": 5.0, "WINDOWS": 20, "CUTS": 10}.items():
        monkeypatch.setattr(proxy, name, short)
    injections = [(proxy.away, 1), (proxy.deploy, 1), (proxy.cut, 1)]
    fight(Home(team=True), injections, proxy.ProxyArena, workers=2, concurrency=2, in_flight=3)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk():
    fight(Home(megabytes=16), [(disk, 2)], DiskArena, workers=1, concurrency=3, in_flight=4)
