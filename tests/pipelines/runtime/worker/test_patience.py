"""A database that is away for a moment is waited for."""

from __future__ import annotations

import pytest
from django.db import InterfaceError, OperationalError

from pipelines.runtime.worker import patience


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(patience, "RETRY_SECONDS", 0.0)
    monkeypatch.setattr(patience.connection, "close", lambda: None)


def answers(*faults):
    left = list(faults)

    def do():
        if left:
            raise left.pop(0)
        return 7

    return do


def test_it_is_used_again_until_it_answers():
    failures = []
    assert patience.patiently(answers(OperationalError("gone"), InterfaceError("gone")), lambda: failures.append(1)) == 7
    assert failures == [1, 1]


def test_other_faults_and_a_long_outage_are_raised(monkeypatch):
    with pytest.raises(ZeroDivisionError):
        patience.patiently(answers(ZeroDivisionError()))
    monkeypatch.setattr(patience, "PATIENCE_SECONDS", -1.0)
    with pytest.raises(OperationalError):
        patience.patiently(answers(OperationalError("gone")))
