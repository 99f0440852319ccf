"""What tests of the pulse put in the place of the system."""

import os

import pytest

from pipelines.runtime.worker import heartbeat, recovery
from tests.support.ledger_driver import GONE


@pytest.fixture
def rung(monkeypatch):
    sent = []
    for caller in (heartbeat, recovery):
        monkeypatch.setattr(caller, "enqueue", sent.append)
    return sent


@pytest.fixture
def all_alive(monkeypatch):
    monkeypatch.setattr(heartbeat, "is_alive", lambda pid: pid != GONE)


@pytest.fixture
def signals(monkeypatch):
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    return sent


@pytest.fixture
def later(monkeypatch):
    """Lets time pass for the pulse alone."""
    passed = [0.0]
    monkeypatch.setattr(heartbeat.time, "monotonic", lambda: passed[0])

    def wait(seconds):
        passed[0] += seconds

    return wait
