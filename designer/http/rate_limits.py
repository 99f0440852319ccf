"""Rate limits, counted together by all web processes: how often one person, or one address that is not signed in, may do a thing.

The counts are in the server of EASEL_CHANNEL_URL. While that server is away each process counts for itself, and one line in the log says so.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import math
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request

from designer.http.errors import Refusal
from designer.rate_table import DEFAULTS

log = logging.getLogger(__name__)
T = TypeVar("T")
ANSWERS_WITHIN_SECONDS = 0.5
LEFT_ALONE_SECONDS = 5.0
SETTLE_EVERY_SECONDS = 1.0


class Counter:
    """Asks the server that counts; when it does not answer it is left alone for some seconds, and this process counts for itself."""

    def __init__(self, url: str) -> None:
        self._shared = FixedWindowRateLimiter(_storage(url))
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._away_until = 0.0
        self._away = False

    def hit(self, item: RateLimitItem, name: str, who: str, cost: int) -> float | None:
        """Count, and the seconds to wait when it was too often."""
        return self._ask(lambda by: None if by.hit(item, name, who, cost=cost) else _seconds(by, item, name, who))

    def spent(self, item: RateLimitItem, name: str, who: str) -> float | None:
        """The seconds to wait when nothing more may be counted now."""
        return self._ask(lambda by: None if by.test(item, name, who) else _seconds(by, item, name, who))

    def forgive(self, item: RateLimitItem, name: str, who: str) -> None:
        """Start at nothing again."""
        self._ask(lambda by: by.clear(item, name, who))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], T]) -> T:
        if time.monotonic() < self._away_until:
            return question(self._own)
        try:
            answer = question(self._shared)
        except Exception as fault:  # redis has many ways to be away, and none of them may close the door
            self._away_until = time.monotonic() + LEFT_ALONE_SECONDS
            if not self._away:
                log.warning("each process counts rate limits for itself while the server of EASEL_CHANNEL_URL does not answer: %s", fault)
            self._away = True
            return question(self._own)
        self._away = False
        return answer


def _seconds(by: FixedWindowRateLimiter, item: RateLimitItem, name: str, who: str) -> float:
    return max(1.0, by.get_window_stats(item, name, who).reset_time - time.time())


def _storage(url: str) -> MemoryStorage | RedisStorage:
    if url.startswith("memory"):
        return MemoryStorage()
    soon = {"socket_timeout": ANSWERS_WITHIN_SECONDS, "socket_connect_timeout": ANSWERS_WITHIN_SECONDS}
    pool = ConnectionPool.from_url(url, retry=Retry(NoBackoff(), 0), **soon)
    scheme = "rediss" if url.startswith("rediss") else "redis"
    return RedisStorage(f"{scheme}://", connection_pool=pool, key_prefix="easel-rates")


@cache
def _counter() -> Counter:
    return Counter(settings.EASEL_CHANNEL_URL)


def hit(name: str, who: str, cost: int = 1) -> float | None:
    """Count that somebody does a thing once more.

    Returns:
        The seconds to wait, when it is too often; None when it may be done.
    """
    item = settings.EASEL_RATES.get(name)
    return None if item is None else _counter().hit(item, name, who, cost)


async def hit_async(name: str, who: str, cost: int = 1) -> float | None:
    """The same from a coroutine."""
    return await asyncio.to_thread(hit, name, who, cost)


def spent(name: str, who: str) -> float | None:
    """The seconds to wait when no more is allowed; counts nothing. For what is counted only when it fails."""
    item = settings.EASEL_RATES.get(name)
    return None if item is None else _counter().spent(item, name, who)


def forgive(name: str, who: str) -> None:
    """Forget what somebody did."""
    if item := settings.EASEL_RATES.get(name):
        _counter().forgive(item, name, who)


def reset() -> None:
    """Forget all that this process counted; for tests."""
    _counter.cache_clear()


def check(name: str, who: str) -> None:
    """Count.

    Raises:
        Refusal: 429, when it is too often.
    """
    if wait := hit(name, who):
        raise too_many(name, wait)


def check_spent(name: str, who: str) -> None:
    """Count nothing.

    Raises:
        Refusal: 429, when it was too often.
    """
    if wait := spent(name, who):
        raise too_many(name, wait)


def too_many(name: str, wait: float) -> Refusal:
    """The answer to what is done too often."""
    item, seconds = settings.EASEL_RATES[name], math.ceil(wait)
    words = f"Too many {DEFAULTS[name][1]}: {item.amount} in {in_words(item.get_expiry())} are allowed."
    return Refusal(429, "too_many", words, remedy=f"Wait {in_words(seconds)}, then try again.", headers={"Retry-After": str(seconds)})


def in_words(seconds: int) -> str:
    """A length of time as people say it, rounded up."""
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = -(-seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def who(request: HttpRequest | Request) -> str:
    """Who is counted: a person, whatever session or token they use, or an address that is not signed in."""
    user = getattr(request, "user", None)
    return f"person:{user.pk}" if user is not None and user.is_authenticated else address(request)


def address(request: HttpRequest | Request) -> str:
    """Where a request comes from. Of IPv6 the first half: the second is free to choose for whoever has it."""
    return address_key(request.META.get("REMOTE_ADDR", ""))


def address_key(remote: str) -> str:
    """The same for an address as text."""
    try:
        found = ipaddress.ip_address(remote)
    except ValueError:
        return "address:unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return f"address:{found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False)}"
    return f"address:{found}"


class Meter:
    """Counts what comes fast, such as the messages of one socket: here at once, on the server once a second."""

    def __init__(self, name: str, who: str) -> None:
        self._name, self._who = name, who
        self._pending = 0
        self._asked_at = time.monotonic()
        self._closed_until = 0.0

    async def take(self, cost: int = 1) -> float | None:
        """Count, and the seconds to wait when it is too often; between two looks at the server the last answer stands."""
        now = time.monotonic()
        self._pending += cost
        item = settings.EASEL_RATES.get(self._name)
        if item is not None and (now - self._asked_at >= SETTLE_EVERY_SECONDS or self._pending * 20 >= item.amount):
            cost, self._pending, self._asked_at = self._pending, 0, now
            if wait := await hit_async(self._name, self._who, cost):
                self._closed_until = now + wait
        return self._closed_until - now if self._closed_until > now else None
