"""Messages to workers: best effort, bounded, and never a wait for a broker that hangs."""

import pytest
from celery import current_app

from pipelines import circuit_breaker
from pipelines.circuit_breaker import CircuitBreaker
from pipelines.runtime import queue


@pytest.fixture(autouse=True)
def closed(monkeypatch):
    monkeypatch.setattr(queue, "breaker", CircuitBreaker())


def sending(monkeypatch, send):
    monkeypatch.setattr(current_app, "send_task", send)


def test_a_broker_that_is_away_is_no_failure(monkeypatch, caplog):
    def away(*_, **__):
        raise OSError("connection refused")

    sending(monkeypatch, away)
    queue.enqueue("r1")
    queue.enqueue_build("d1")
    assert "the broker did not take the message pipelines.work(r1): connection refused" in caplog.text
    assert "pipelines.build(d1)" in caplog.text


def test_a_broker_that_hangs_is_asked_again_only_after_a_while(monkeypatch):
    asked, now = [], 100.0
    monkeypatch.setattr(queue.time, "monotonic", lambda: now)
    monkeypatch.setattr(circuit_breaker.time, "monotonic", lambda: now)

    def hangs(task, arguments, **_):
        nonlocal now
        asked.append(arguments)
        now += 2
        raise TimeoutError

    sending(monkeypatch, hangs)
    queue.enqueue("r1"), queue.enqueue("r2")
    assert asked == [("r1",)]
    now = 110.0
    queue.enqueue("r3")
    assert asked == [("r1",), ("r3",)]


def test_no_more_messages_are_sent_than_help(monkeypatch):
    sent = []
    sending(monkeypatch, lambda task, arguments, **_: sent.append((task, *arguments)))
    queue.enqueue("r1", 1000)
    assert sent == [("pipelines.work", "r1")] * queue.MOST_MESSAGES


def test_a_delay_is_a_countdown(monkeypatch):
    sent = []
    sending(monkeypatch, lambda task, arguments, *, countdown, **_: sent.append(countdown))
    queue.enqueue("r1", 1, 2.5)
    queue.enqueue("r1")
    assert sent == [2.5, None]
