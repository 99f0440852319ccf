"""Rate limits per user, or per address of anonymous requests, shared by all web processes.

The counts are on the server of EASEL_CHANNEL_URL. While it is unavailable each process counts for itself, and one log line records that.
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
from pipelines.circuit_breaker import CircuitBreaker

log = logging.getLogger(__name__)
T = TypeVar("T")
ANSWERS_WITHIN_SECONDS = 0.5
SETTLE_EVERY_SECONDS = 1.0


class Counter:
    """Counts on the server; after a failure it skips the server for some seconds, and this process counts for itself."""

    def __init__(self, url: str) -> None:
        self._shared = FixedWindowRateLimiter(_storage(url))
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._breaker = CircuitBreaker()
        self._away = False

    def hit(self, item: RateLimitItem, name: str, who: str, cost: int) -> float | None:
        """Count; returns the seconds to wait when the limit is exceeded."""
        return self._ask(lambda by: None if by.hit(item, name, who, cost=cost) else _seconds(by, item, name, who))

    def spent(self, item: RateLimitItem, name: str, who: str) -> float | None:
        """The seconds to wait when the limit is used up."""
        return self._ask(lambda by: None if by.test(item, name, who) else _seconds(by, item, name, who))

    def forgive(self, item: RateLimitItem, name: str, who: str) -> None:
        """Reset the count."""
        self._ask(lambda by: by.clear(item, name, who))

    def _ask(self, question: Callable[[FixedWindowRateLimiter], T]) -> T:
        if self._breaker.is_open:
            return question(self._own)
        try:
            answer = question(self._shared)
        except Exception as fault:  # redis raises many kinds of error, and none may block requests
            self._breaker.open()
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
    """Count one use of a limit.

    Returns:
        The seconds to wait when the limit is exceeded; None when it is allowed.
    """
    item = settings.EASEL_RATES.get(name)
    return None if item is None else _counter().hit(item, name, who, cost)


async def hit_async(name: str, who: str, cost: int = 1) -> float | None:
    """`hit` for coroutines."""
    return await asyncio.to_thread(hit, name, who, cost)


def spent(name: str, who: str) -> float | None:
    """The seconds to wait when the limit is used up; counts nothing. For actions that count only when they fail."""
    item = settings.EASEL_RATES.get(name)
    return None if item is None else _counter().spent(item, name, who)


def forgive(name: str, who: str) -> None:
    """Reset a user's count."""
    if item := settings.EASEL_RATES.get(name):
        _counter().forgive(item, name, who)


def reset() -> None:
    """Reset all counts of this process; for tests."""
    _counter.cache_clear()


def check(name: str, who: str) -> None:
    """Count.

    Raises:
        Refusal: 429 when the limit is exceeded.
    """
    if wait := hit(name, who):
        raise too_many(name, wait)


def too_many(name: str, wait: float) -> Refusal:
    """The 429 refusal."""
    item, seconds = settings.EASEL_RATES[name], math.ceil(wait)
    words = f"Too many {DEFAULTS[name][1]}: {item.amount} in {in_words(item.get_expiry())} are allowed."
    return Refusal(429, "too_many", words, remedy=f"Wait {in_words(seconds)}, then try again.", headers={"Retry-After": str(seconds)})


def in_words(seconds: int) -> str:
    """A readable duration, rounded up."""
    for size, unit in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = -(-seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def who(request: HttpRequest | Request) -> str:
    """The key that is counted: a user, across sessions and tokens, or the address of an anonymous request."""
    user = getattr(request, "user", None)
    return f"person:{user.pk}" if user is not None and user.is_authenticated else address(request)


def address(request: HttpRequest | Request) -> str:
    """The address of a request. Of IPv6 the first half: the client chooses the second freely."""
    return address_key(request.META.get("REMOTE_ADDR", ""))


def address_key(remote: str) -> str:
    """`address` for an address as text."""
    try:
        found = ipaddress.ip_address(remote)
    except ValueError:
        return "address:unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return f"address:{found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False)}"
    return f"address:{found}"


class Meter:
    """Counts frequent events, such as the messages of one socket: locally at once, on the server once a second."""

    def __init__(self, name: str, who: str) -> None:
        self._name, self._who = name, who
        self._pending = 0
        self._asked_at = time.monotonic()
        self._closed_until = 0.0

    async def take(self, cost: int = 1) -> float | None:
        """Count; returns the seconds to wait when the limit is exceeded. Between two server calls the last result applies."""
        now = time.monotonic()
        self._pending += cost
        item = settings.EASEL_RATES.get(self._name)
        if item is not None and (now - self._asked_at >= SETTLE_EVERY_SECONDS or self._pending * 20 >= item.amount):
            cost, self._pending, self._asked_at = self._pending, 0, now
            if wait := await hit_async(self._name, self._who, cost):
                self._closed_until = now + wait
        return self._closed_until - now if self._closed_until > now else None
