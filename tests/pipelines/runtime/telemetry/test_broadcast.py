"""Watchers are told what is written down: in order, together, and only as a hint."""

import json

import pytest

from pipelines.runtime.telemetry import broadcast
from tests.support.installation import wait_until


class Layer:
    """A channel layer that keeps what it is given, or breaks."""

    def __init__(self, broken=False):
        self.sent, self.broken = [], broken

    async def group_send(self, group, message):
        if self.broken:
            raise OSError("away")
        self.sent.append((group, message))


@pytest.fixture
def layer(monkeypatch):
    monkeypatch.setattr(broadcast, "_publisher", None)
    layer = Layer()
    monkeypatch.setattr(broadcast, "get_channel_layer", lambda: layer)
    return layer


def events(first, last):
    return [{"seq": number} for number in range(first, last + 1)]


def told(first, last):
    text = json.dumps({"events": events(first, last)}, separators=(",", ":"))
    return {"type": "run.events", "after": first - 1, "last": last, "text": text}


def test_what_comes_close_together_goes_as_one_message_in_order(layer):
    broadcast.publish("r1", events(1, 2))
    broadcast.publish("r2", events(1, 1))
    broadcast.publish("r1", events(3, 3))
    wait_until(lambda: len(layer.sent) == 2, 5)
    assert layer.sent == [("run.r1", told(1, 3)), ("run.r2", told(1, 1))]


def test_what_others_said_in_between_is_not_skipped(layer):
    broadcast.publish("r1", events(7, 9))
    broadcast.publish("r1", events(1, 2))
    broadcast.publish("r1", events(3, 3))
    wait_until(lambda: layer.sent, 5)
    assert [message for _, message in layer.sent] == [{"type": "run.events", "after": 0, "last": 9, "text": None}]


def test_half_characters_are_left_to_the_database(layer):
    broadcast.publish("r1", [{"seq": 1, "line": "\ud800"}])
    wait_until(lambda: layer.sent, 5)
    assert layer.sent[0][1] == {"type": "run.events", "after": 0, "last": 1, "text": None}


def test_what_comes_later_goes_later(layer):
    broadcast.publish("r1", events(1, 1))
    wait_until(lambda: layer.sent, 5)
    broadcast.publish("r1", events(2, 2))
    wait_until(lambda: len(layer.sent) == 2, 5)
    assert layer.sent[1][1] == told(2, 2)


def test_the_end_of_a_run_does_not_wait_for_the_stream(layer, monkeypatch):
    monkeypatch.setattr(broadcast, "BETWEEN_SECONDS", 3600)
    broadcast.publish("r1", events(1, 1))
    wait_until(lambda: layer.sent, 5)
    broadcast.publish("r1", events(2, 2))
    broadcast.publish("r1", [{"seq": 3, "type": "run", "run": {"state": "done", "finished_at": "now"}}])
    wait_until(lambda: len(layer.sent) == 2, 5)
    assert layer.sent[1][1]["after"] == 1 and layer.sent[1][1]["last"] == 3


def test_a_flood_is_told_by_its_last_number_alone(layer):
    broadcast.publish("r1", events(1, broadcast.MOST_EVENTS_IN_A_MESSAGE + 1))
    wait_until(lambda: layer.sent, 5)
    assert layer.sent[0][1] == {"type": "run.events", "after": 0, "last": broadcast.MOST_EVENTS_IN_A_MESSAGE + 1, "text": None}


def test_a_layer_that_is_away_is_said_once_and_found_again(layer, caplog):
    layer.broken = True
    for number in (1, 2):
        broadcast.publish("r1", events(number, number))
        wait_until(lambda: not broadcast._publisher._asked, 5)
        broadcast._publisher.flush()
    assert caplog.text.count("could not tell the watchers") == 1
    layer.broken = False
    broadcast.publish("r1", events(3, 3))
    wait_until(lambda: layer.sent, 5)


def test_flush_waits_until_all_is_sent(layer):
    broadcast.publish("r1", events(1, 1))
    broadcast._publisher.flush()
    assert layer.sent


def test_a_forked_child_makes_a_teller_of_its_own(layer, monkeypatch):
    broadcast.publish("r1", events(1, 1))
    mine = broadcast._publisher
    monkeypatch.setattr(broadcast.os, "getpid", lambda: mine.pid + 1)
    broadcast.publish("r1", events(2, 2))
    assert broadcast._publisher is not mine
