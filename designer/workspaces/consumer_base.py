"""What both sockets are made of: who may open them, and looking again now and then whether they still may."""

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
from designer.http.channel_layer import log_throttled
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


def in_thread(work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Database work in a thread of its own, so that one window's wait is not another's."""
    return database_sync_to_async(work, thread_sensitive=False)


class WatchedConsumer(AsyncWebsocketConsumer):
    """A socket on something of a workspace. It is accepted before it is refused: only then do browsers learn the reason."""

    actions: ClassVar[Mapping[str, str]] = {}
    user: User
    workspace: str | None = None
    watching: asyncio.Task[None] | None = None
    meter: rate_limits.Meter | None = None
    slowed = 0
    over = False

    @property
    def group(self) -> str:
        """The channel group to be in."""
        raise NotImplementedError

    def find(self, user: User) -> str:
        """The workspace of what this socket is on; a Refusal when this person may not see it."""
        raise NotImplementedError

    async def opened(self) -> None:
        """What to say first, once in the group."""

    async def closed(self) -> None:
        """What to do last."""

    async def resync(self) -> None:
        """Called now and then, and when Redis is back: send what lost messages would have reported."""

    def fetch(self, user: User, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = attrgetter("workspace_id")) -> M:
        """The object, through the choke point."""
        return get_for(user, self.actions["connect"], found, id, workspace_of)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def say(message: Any) -> None:
            try:
                await send(message)
            except (OSError, RuntimeError):  # the browser is gone; that it is will be received next
                self.over = True

        try:
            await super().__call__(scope, receive, say)
        except (OperationalError, InterfaceError) as fault:
            log.warning("a socket is closed, since the database does not answer: %s", fault)
            await self.end(TRY_AGAIN_LATER)
        finally:
            await self._leave_groups()

    async def dispatch(self, message: Any) -> None:
        """Channels goes to a thread before every handler, to close old database connections; here only threads of their own have any."""
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
        except Exception as fault:  # redis is away; the browser comes back
            log_throttled("windows cannot be opened", fault)
            return await self.end(TRY_AGAIN_LATER)
        try:
            await self.opened()
        except Refusal as refusal:  # deleted this very moment, or it cannot be read
            await self.send_error(refusal.body)
            return await self.end(NOT_HERE)
        if not self.over:
            self.watching = asyncio.create_task(self._watch())

    async def websocket_receive(self, message: Any) -> None:
        """Who sends too fast is told and slowed down, and closed when that does not help."""
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
        """However the socket ended, nothing of it stays."""
        self.over = True
        if self.watching is not None:
            self.watching.cancel()
            with suppress(asyncio.CancelledError, Exception):  # else a join that is under way could come after the groups are left
                await self.watching
        if self.workspace is not None:
            for group in self._groups:
                with suppress(Exception):
                    await self.channel_layer.group_discard(group, self.channel_name)
            await self.closed()

    async def end(self, code: int) -> None:
        """Close, once."""
        if not self.over:
            self.over = True
            await self.close(code)

    async def send(  # type: ignore[override]  # as Channels itself overrides it
        self, text_data: str | None = None, bytes_data: bytes | None = None, close: bool = False
    ) -> None:
        """Nothing is said to a socket that is closing."""
        if not self.over:
            await super().send(text_data, bytes_data, close)

    async def send_error(self, said: dict[str, Any]) -> None:
        """Tell the browser what was refused."""
        await self.send(text_data=json.dumps(said))

    def send_error_later(self, said: dict[str, Any]) -> None:
        """The same from a thread."""
        async_to_sync(self.send_error)(said)

    @property
    def _groups(self) -> tuple[str, str]:
        return self.group, recheck.group(self.user.pk)

    async def _join(self) -> None:
        """Be in the groups; a Redis that was away may have forgotten it, and after a day it ends."""
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY * random.uniform(0.75, 1.25))
            try:
                await self.look_now({})
            except Exception as fault:  # the database is away; the next look may find it back
                log_throttled("open sockets cannot look again", fault)
            if self.over:
                return
            await self.layer_back({})

    async def look_now(self, message: dict[str, Any]) -> None:
        """Close when this person may no longer; sent when that may have changed."""
        if code := await in_thread(self._close_unauthorized)():
            await self.end(code)

    async def layer_back(self, message: dict[str, Any]) -> None:
        """Redis is back: join again, and read what was not heard meanwhile."""
        for step in (self._join, self.resync):
            try:
                await step()
            except Exception as fault:  # the database or redis is away; the next look may find them back
                log_throttled("open sockets cannot look again", fault)

    def signed_in(self) -> bool:
        """In a thread. Whether the session that opened this socket still stands, as a request would find."""
        request = HttpRequest()
        request.session = SessionStore(self.scope["session"].session_key)
        return get_user(request).pk == self.user.pk

    def _close_unauthorized(self) -> int | None:
        """In a thread. The code to close with, when this person is no longer signed in or no longer a member."""
        if not self.signed_in():
            return SIGNED_OUT
        if self.workspace and revoked(self.user.pk, self.workspace):
            return NOT_HERE
        return None


class SameOrigin:
    """Lets a websocket through only from a page of this very host: browsers send cookies along from any."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if same_origin(dict(scope["headers"])):
            await self.application(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": FOREIGN})


def same_origin(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the Origin is the host that was asked, and that host is one of ours."""
    origin, host = headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    name = f"[{name}]" if ":" in name else name
    return origin in (f"http://{host}", f"https://{host}") and validate_host(name, settings.ALLOWED_HOSTS)
