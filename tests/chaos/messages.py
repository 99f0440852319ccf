"""Broker faults: messages are lost, duplicated, shuffled, and published for random runs."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

from designer.config.celery import app
from pipelines import flow
from pipelines.models import Run

MOST = 200


def disturb(how: str, seed: float) -> int:
    """Inject one such fault; returns the number of messages affected."""
    rng = random.Random(seed)
    if how == "flood":
        runs = [*Run.objects.values_list("id", flat=True).order_by("?")[:20], uuid4().hex]
        for run in rng.choices(runs, k=50):
            flow.enqueue(run)
        return len(runs)
    with app.connection_for_write() as connection:
        queue = app.amqp.queues[app.conf.task_default_queue].bind(connection.default_channel)
        queue.declare()
        taken = _take(queue)
        with connection.Producer() as producer:
            for message in _changed(taken, how, rng):
                producer.publish(message.body, routing_key=queue.name, headers=message.headers, content_type=message.content_type,
                                 content_encoding=message.content_encoding, **_identity(message))  # fmt: skip
    return len(taken)


def _take(queue: Any) -> list[Any]:
    taken = []
    while len(taken) < MOST and (message := queue.get(no_ack=True)) is not None:
        taken.append(message)
    return taken


def _changed(taken: list[Any], how: str, rng: random.Random) -> list[Any]:
    if how == "lose":
        return []
    if how == "double":
        return taken * 2
    return rng.sample(taken, len(taken))


def _identity(message: Any) -> dict[str, Any]:
    return {name: message.properties[name] for name in ("correlation_id", "reply_to") if message.properties.get(name)}
