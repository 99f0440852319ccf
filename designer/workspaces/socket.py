"""What both sockets are made of: who may open them, and looking again now and then whether they still may."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from operator import attrgetter
from typing import Any, ClassVar, ParamSpec, TypeVar
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Model, QuerySet
from django.http.request import validate_host

from designer.errors import Refusal
from designer.workspaces.permissions import get_for, revoked

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)

SIGNED_OUT, NOT_HERE, BAD = 4401, 4404, 4400
TRY_AGAIN_LATER = 1013
LOOK_EVERY = 20.0
JOIN_AGAIN_EVERY = 3600.0


def in_thread(work: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Database work in a thread of its own, so that one window's wait is not another's."""
    return database_sync_to_async(work, thread_sensitive=False)


class WatchedConsumer(AsyncWebsocketConsumer):
    """A socket on something of a workspace. It is accepted before it is refused: only then do browsers learn the reason."""

    actions: ClassVar[Mapping[str, str]] = {}
    user: User
    workspace: str | None = None
    joined_at = 0.0
    watching: asyncio.Task[None] | None = None
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

    async def look_again(self) -> None:
        """What to do now and then."""

    def fetch(self, user: User, found: QuerySet[M], id: str, workspace_of: Callable[[M], str | None] = attrgetter("workspace_id")) -> M:
        """The object, through the choke point."""
        return get_for(user, self.actions["connect"], found, id, workspace_of)

    async def connect(self) -> None:
        await self.accept()
        if not isinstance(self.scope["user"], User):
            return await self.end(SIGNED_OUT)
        self.user = self.scope["user"]
        try:
            self.workspace = await in_thread(self.find)(self.user)
        except Refusal:
            return await self.end(NOT_HERE)
        try:
            await self._join()
        except Exception as fault:  # redis is away; the browser comes back
            log.warning("a window could not be opened: %s", fault)
            return await self.end(TRY_AGAIN_LATER)
        try:
            await self.opened()
        except Refusal:  # deleted this very moment
            return await self.end(NOT_HERE)
        self.watching = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        self.over = True
        if self.watching is not None:
            self.watching.cancel()
        if self.workspace is not None:
            with suppress(Exception):
                await self.channel_layer.group_discard(self.group, self.channel_name)
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

    async def complain(self, said: dict[str, Any]) -> None:
        """Tell the browser what was refused."""
        await self.send(text_data=json.dumps(said))

    def complain_later(self, said: dict[str, Any]) -> None:
        """The same from a thread."""
        async_to_sync(self.complain)(said)

    async def _join(self) -> None:
        """Be in the group. Membership ends after a day, so it is renewed."""
        self.joined_at = time.monotonic()
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY * random.uniform(0.75, 1.25))
            try:
                if code := await self._shut_out():
                    return await self.end(code)
                if time.monotonic() - self.joined_at > JOIN_AGAIN_EVERY:
                    await self._join()
                await self.look_again()
            except Exception as fault:  # the database or redis is away; the next look may find them back
                log.warning("a socket could not look again: %s", fault)

    async def _shut_out(self) -> int | None:
        """The code to close with, when this person is no longer signed in or no longer a member."""
        now: Any = {"session": SessionStore(self.scope["session"].session_key)}
        if isinstance(await get_user(now), AnonymousUser):
            return SIGNED_OUT
        if self.workspace and await in_thread(revoked)(self.user.pk, self.workspace):
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
            await send({"type": "websocket.close", "code": 4403})


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
