"""Base class of both websocket consumers: permission to open, and periodic rechecks."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any, ClassVar, ParamSpec, TypeVar
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.db.models import Model, QuerySet
from django.http.request import HttpRequest, validate_host

from designer.http import rate_limits
from designer.http.channel_layer import Layer, log_throttled
from designer.http.errors import Refusal
from designer.workspaces import recheck
from designer.workspaces.permissions import get_for, revoked

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)

SIGNED_OUT, NOT_HERE, BAD, TOO_FAST, FOREIGN = 4401, 4404, 4400, 4429, 4403
TRY_AGAIN_LATER = 1013
LOOK_EVERY = 20.0
SLOWED_BY = 1.0
MOST_SLOWED = 10
MESSAGE_UNIT = 1024
LEAVE_AGAIN_AFTER = (6.0, 20.0, 60.0)  # seconds; the channel layer spares a Redis that hangs for the first five
_leaving: set[asyncio.Task[None]] = set()


def in_thread(work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Run database work in a thread of its own, so that one window's wait does not block another."""
    return database_sync_to_async(work, thread_sensitive=False)


class WatchedConsumer(AsyncWebsocketConsumer):
    """A socket on an object of a workspace. It is accepted before it is refused: browsers see the reason only then."""

    actions: ClassVar[Mapping[str, str]] = {}
    user: User
    workspace: str | None = None
    watching: asyncio.Task[None] | None = None
    meter: rate_limits.Meter | None = None
    slowed = 0
    over = False

    @property
    def group(self) -> str:
        """The channel group to join."""
        raise NotImplementedError

    def find(self, user: User) -> str:
        """The workspace of the socket's object; a Refusal when the user may not see it."""
        raise NotImplementedError

    async def opened(self) -> None:
        """Send the first messages, once in the group."""

    async def closed(self) -> None:
        """Clean up after the socket closed."""

    async def resync(self) -> None:
        """Called now and then, and when Redis is back: send what lost messages would have reported."""

    def fetch(self, user: User, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = attrgetter("workspace_id")) -> M:
        """The object, through `permissions.get_for`."""
        return get_for(user, self.actions["connect"], found, id, workspace_of)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def say(message: Any) -> None:
            try:
                await send(message)
            except (OSError, RuntimeError):  # the browser is gone; the disconnect message comes next
                self.over = True

        try:
            await super().__call__(scope, receive, say)
        except (OperationalError, InterfaceError) as fault:
            log.warning("a socket is closed, since the database does not answer: %s", fault)
            await self.end(TRY_AGAIN_LATER)
        finally:
            await self._leave_groups()
            if isinstance(self.channel_layer, Layer):
                self.channel_layer.discard(self.channel_name)

    async def dispatch(self, message: Any) -> None:
        """Channels runs a thread before every handler, to close old database connections; here only `in_thread` threads have any."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        await self.accept()
        if not isinstance(self.scope["user"], User):
            return await self.end(SIGNED_OUT)
        self.user = self.scope["user"]
        if await rate_limits.hit_async("socket.open", f"person:{self.user.pk}"):
            return await self.end(TOO_FAST)
        self.meter = rate_limits.Meter("socket.message", f"person:{self.user.pk}")
        try:
            self.workspace = await in_thread(self.find)(self.user)
        except Refusal:
            return await self.end(NOT_HERE)
        try:
            await self._join()
        except Exception as fault:  # redis is unavailable; the browser reconnects
            log_throttled("windows cannot be opened", fault)
            return await self.end(TRY_AGAIN_LATER)
        try:
            await self.opened()
        except Refusal as refusal:  # deleted at this moment, or it cannot be read
            await self.send_error(refusal.body)
            return await self.end(NOT_HERE)
        if not self.over:
            self.watching = asyncio.create_task(self._watch())

    async def websocket_receive(self, message: Any) -> None:
        """A client that sends too fast gets an error and is slowed down, and is closed when it continues."""
        size = len(message.get("bytes") or message.get("text") or "")
        wait = await self.meter.take(1 + size // MESSAGE_UNIT) if self.meter else None
        if wait:
            if self.slowed == 0:
                await self.send_error(rate_limits.too_many("socket.message", wait).body)
            self.slowed += 1
            if self.slowed > MOST_SLOWED:
                return await self.end(TOO_FAST)
            await asyncio.sleep(min(wait, SLOWED_BY))
        else:
            self.slowed = 0
        await super().websocket_receive(message)

    async def disconnect(self, code: int) -> None:
        self.over = True

    async def _leave_groups(self) -> None:
        """Leave all groups, however the socket ended."""
        self.over = True
        if self.watching is not None:
            self.watching.cancel()
            with suppress(asyncio.CancelledError, Exception):  # else a join that is under way could come after the groups are left
                await self.watching
        if self.workspace is not None:
            for group in self._groups:
                await self._leave(group, LEAVE_AGAIN_AFTER)
            await self.closed()

    async def _leave(self, group: str, waits: tuple[float, ...]) -> None:
        """Leave a group. A Redis that does not answer now is asked again later, by a task that outlives the socket."""
        try:
            await self.channel_layer.group_discard(group, self.channel_name)
        except Exception:
            if waits:
                task = asyncio.create_task(self._leave_later(group, waits))
                _leaving.add(task)
                task.add_done_callback(_leaving.discard)

    async def _leave_later(self, group: str, waits: tuple[float, ...]) -> None:
        await asyncio.sleep(waits[0])
        await self._leave(group, waits[1:])

    async def end(self, code: int) -> None:
        """Close once."""
        if not self.over:
            self.over = True
            await self.close(code)

    async def send(  # type: ignore[override]  # as Channels itself overrides it
        self, text_data: str | None = None, bytes_data: bytes | None = None, close: bool = False
    ) -> None:
        """Sends nothing once the socket is closing."""
        if not self.over:
            await super().send(text_data, bytes_data, close)

    async def send_error(self, said: dict[str, Any]) -> None:
        """Send the browser a refusal."""
        await self.send(text_data=json.dumps(said))

    def send_error_later(self, said: dict[str, Any]) -> None:
        """`send_error` from a thread."""
        async_to_sync(self.send_error)(said)

    @property
    def _groups(self) -> tuple[str, str]:
        return self.group, recheck.group(self.user.pk)

    async def _join(self) -> None:
        """Join the groups; Redis may have lost the membership in an outage, and it expires after a day."""
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY * random.uniform(0.75, 1.25))
            try:
                await self.look_now({})
            except Exception as fault:  # the database is unavailable; the next check may succeed
                log_throttled("open sockets cannot look again", fault)
            if self.over:
                return
            await self.layer_back({})

    async def look_now(self, message: dict[str, Any]) -> None:
        """Close when the user has lost access; sent when that may have changed."""
        if code := await in_thread(self._close_unauthorized)():
            await self.end(code)

    async def layer_back(self, message: dict[str, Any]) -> None:
        """Redis is back: join again, and read what was missed meanwhile."""
        for step in (self._join, self.resync):
            try:
                await step()
            except Exception as fault:  # the database or redis is unavailable; the next check may succeed
                log_throttled("open sockets cannot look again", fault)

    def signed_in(self) -> bool:
        """Runs in a thread. Whether the session that opened this socket is still valid, as for a request."""
        request = HttpRequest()
        request.session = SessionStore(self.scope["session"].session_key)
        return get_user(request).pk == self.user.pk

    def _close_unauthorized(self) -> int | None:
        """Runs in a thread. The close code when the user is no longer signed in or no longer a member."""
        if not self.signed_in():
            return SIGNED_OUT
        if self.workspace and revoked(self.user.pk, self.workspace):
            return NOT_HERE
        return None


class SameOrigin:
    """Accepts a websocket only from a page of this host: browsers send cookies from any page."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if same_origin(dict(scope["headers"])):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": FOREIGN})


def same_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the Origin is the requested host, and that host is one of ours."""
    origin, host = headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = f"[{name}]" if ":" in name else name
    return origin in (f"http://{host}", f"https://{host}") and validate_host(name, settings.ALLOWED_HOSTS)
