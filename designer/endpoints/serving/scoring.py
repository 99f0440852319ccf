"""Reading a body and scoring it within the endpoint's limits. Small requests are scored at once, larger ones by a thread."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary

from designer.endpoints.serving.model import Model, Scored
from designer.endpoints.serving.replies import Refused, wait
from designer.endpoints.serving.routing import Served
from designer.endpoints.serving.simple import LONGEST_ID, Asked
from designer.http.lingering import discard

AT_ONCE = 20  # rows that are scored without a thread: handing over costs more than they do
SCRIPTS_SHARE = 0.9  # of a request's time: the answer then says what the script did
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Scoring:
    """The work of a process, with the number of requests of each endpoint that wait or are worked on."""

    def __init__(self) -> None:
        self.waiting: Counter[str] = Counter()
        self._threads = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="score")
        self._own = WeakKeyDictionary[Model, ThreadPoolExecutor]()

    async def body(self, scope: MutableMapping[str, Any], receive: Receive, served: Served) -> tuple[bytes, bytes, str]:
        """Read the body; returns it with the content type in lower case and the id that a header gives.

        Raises:
            Refused: 408 when it takes too long, 413 when it is too large, 415 for a compressed one.
        """
        content_type, request_id, length = b"", "", 0
        for name, value in scope["headers"]:
            if name == b"content-type":
                content_type = value.lower()
            elif name == b"x-request-id":
                request_id = value[:LONGEST_ID].decode("latin-1")
            elif name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"content-encoding" and value.lower() != b"identity":
                raise Refused(415, "unsupported_type", "A compressed body is not supported.", remedy="Send it without compression.")
        if length > served.limits.body_bytes:
            await discard(receive)
            raise _too_large(served)
        try:
            async with asyncio.timeout(served.limits.seconds):
                return await _whole(receive, served), content_type, request_id
        except TimeoutError:
            raise _too_slow(served, "The body did not arrive") from None

    async def score(self, served: Served, model: Model, asked: Asked) -> Scored:
        """Score within the limits.

        Raises:
            Refused: 408, 413, 422 or 429.
        """
        count = len(asked.rows)
        if count > served.limits.rows:
            words = f"The request has {count:,} rows; the endpoint takes {served.limits.rows:,}."
            raise Refused(413, "too_many_rows", words, remedy="Send them in several requests.", field="rows")
        if count == 0:
            return Scored([], {}, ())
        if count <= AT_ONCE and model.fast:
            return model.score(asked.rows, null_on_error=asked.null_on_error)
        if self.waiting[served.id] >= served.limits.queue:
            raise wait("queue_full", f"{served.limits.queue} requests already wait.", 1)
        self.waiting[served.id] += 1
        loop = asyncio.get_running_loop()
        work = self._pool(model).submit(
            model.score, asked.rows, null_on_error=asked.null_on_error, seconds=SCRIPTS_SHARE * served.limits.seconds
        )
        work.add_done_callback(lambda _: loop.call_soon_threadsafe(self.waiting.subtract, [served.id]))
        try:
            async with asyncio.timeout(served.limits.seconds):
                return await asyncio.wrap_future(work)
        except TimeoutError:
            raise _too_slow(served, "The rows were not scored") from None

    def _pool(self, model: Model) -> ThreadPoolExecutor:
        """The threads for a version: one of its own where a script may take all its time, so that other endpoints do not wait for it."""
        if not model.slower:
            return self._threads
        if model not in self._own:
            self._own[model] = ThreadPoolExecutor(1, thread_name_prefix="script")
        return self._own[model]


async def _whole(receive: Receive, served: Served) -> bytes:
    parts, size = list[bytes](), 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > served.limits.body_bytes:
            if message.get("more_body"):
                await discard(receive)
            raise _too_large(served)
        parts.append(part)
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(served: Served) -> Refused:
    words = f"The body is larger than {served.limits.body_bytes:,} bytes, which the endpoint takes."
    return Refused(413, "too_large", words, remedy="Send the rows in several requests.")


def _too_slow(served: Served, what: str) -> Refused:
    words = f"{what} within {served.limits.seconds:g} s."
    return Refused(408, "too_slow", words, remedy="Send fewer rows, or ask for a higher limit of the endpoint.")
