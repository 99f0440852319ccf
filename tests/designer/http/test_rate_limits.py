"""Counting what people do, and saying how long to wait."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from designer.http import rate_limits
from designer.http.errors import Refusal
from designer.rate_table import table
from designer.site.supervisor import _broker
from pipelines.circuit_breaker import CircuitBreaker
from tests.support.installation import wait_until


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.EASEL_RATES = table("run.start=2/minute,socket.message=40/minute,upload=off")


def test_a_limit_counts_each_person_for_themselves_and_says_how_long_to_wait() -> None:
    assert [rate_limits.hit("run.start", "person:1") for _ in range(2)] == [None, None]
    wait = rate_limits.hit("run.start", "person:1")
    assert wait is not None and 1 <= wait <= 60
    assert rate_limits.hit("run.start", "person:2") is None
    assert rate_limits.hit("upload", "person:1", cost=10_000) is None


def test_a_look_counts_nothing_and_what_is_forgiven_starts_anew() -> None:
    for _ in range(5):
        assert rate_limits.spent("run.start", "person:1") is None
    rate_limits.hit("run.start", "person:1", cost=2)
    assert rate_limits.spent("run.start", "person:1")
    rate_limits.forgive("run.start", "person:1")
    assert rate_limits.spent("run.start", "person:1") is None


def test_the_refusal_says_what_how_many_and_how_long() -> None:
    rate_limits.check("run.start", "person:1")
    rate_limits.check("run.start", "person:1")
    with pytest.raises(Refusal) as found:
        rate_limits.check("run.start", "person:1")
    said = found.value.body["error"]
    assert found.value.status == 429 and 1 <= int(found.value.headers["Retry-After"]) <= 60
    assert (said["code"], said["words"]) == ("too_many", "Too many run starts: 2 in 1 minute are allowed.")
    assert said["remedy"].startswith("Wait ")


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (3600, "1 hour")])
def test_waiting_in_words(seconds: int, words: str) -> None:
    assert rate_limits.in_words(seconds) == words


def test_who_is_counted() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert rate_limits.who(request) == "address:127.0.0.1"
    request.user = SimpleNamespace(is_authenticated=True, pk=7)  # type: ignore[assignment]
    assert rate_limits.who(request) == "person:7"


@pytest.mark.parametrize(
    ("remote", "key"),
    [
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "address:2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "address:10.0.0.1"),
        ("10.0.0.1", "address:10.0.0.1"),
        ("", "address:unknown"),
    ],
)
def test_an_address_cannot_be_changed_within_its_half(remote: str, key: str) -> None:
    assert rate_limits.address_key(remote) == key


async def test_a_meter_asks_seldom_and_closes_for_the_time_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    ask = rate_limits.hit_async

    async def noted(name: str, who: str, cost: int = 1) -> float | None:
        asked.append(cost)
        return await ask(name, who, cost)

    monkeypatch.setattr(rate_limits, "hit_async", noted)
    meter = rate_limits.Meter("socket.message", "person:1")
    taken = [await meter.take() for _ in range(44)]
    assert taken[:41] == [None] * 41 and taken[-1] and asked == [2] * 22


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Any]]:
    at = tmp_path / "broker"
    process = subprocess.Popen(_broker(at))
    wait_until(at.exists, 10)
    yield f"unix://{at}", process
    process.kill()
    process.wait()


def test_processes_count_together_and_each_for_itself_while_the_server_is_away(
    server: tuple[str, Any], settings: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EASEL_CHANNEL_URL, process = server
    item = settings.EASEL_RATES["run.start"]
    one, other = rate_limits.Counter(settings.EASEL_CHANNEL_URL), rate_limits.Counter(settings.EASEL_CHANNEL_URL)
    assert one.hit(item, "run.start", "person:1", 1) is None and other.hit(item, "run.start", "person:1", 1) is None
    assert one.hit(item, "run.start", "person:1", 1) and other.spent(item, "run.start", "person:1")
    process.kill()
    process.wait()
    monkeypatch.setattr(one, "_breaker", CircuitBreaker(0.0))
    with caplog.at_level(logging.WARNING, logger=rate_limits.__name__):
        assert [bool(one.hit(item, "run.start", "person:1", 1)) for _ in range(3)] == [False, False, True]
    assert [record.getMessage()[:21] for record in caplog.records] == ["each process counts r"]
