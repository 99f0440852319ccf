"""The circuit breaker opens for its seconds, and closes by itself or by hand."""

from pipelines import circuit_breaker
from pipelines.circuit_breaker import CircuitBreaker


def test_it_is_open_for_its_seconds(monkeypatch):
    now = 100.0
    monkeypatch.setattr(circuit_breaker.time, "monotonic", lambda: now)
    breaker = CircuitBreaker(5.0)
    assert not breaker.is_open
    breaker.open()
    assert breaker.is_open
    now = 105.0
    assert not breaker.is_open


def test_it_can_be_closed():
    breaker = CircuitBreaker()
    breaker.open()
    breaker.close()
    assert not breaker.is_open
