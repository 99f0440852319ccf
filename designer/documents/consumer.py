"""The websocket of a document: edits in both directions, awareness, and an ack for each stored edit."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import User

from designer.documents import broadcast, protocol, repository
from designer.documents.lib0 import BadUpdate, TooDeep
from designer.documents.models import Pipeline
from designer.documents.open_draft import NOTHING
from designer.documents.protocol import BadMessage, Frame
from designer.http.channel_layer import log_throttled
from designer.http.errors import Refusal, body
from designer.workspaces.consumer_base import BAD, NOT_HERE, SIGNED_OUT, WatchedConsumer, in_thread
from designer.workspaces.permissions import has_role, role_in

AWARENESS_EVERY = 0.05
MISSING_FOR = 0.05
READ_ONLY = body("read_only", "View only. You cannot change this pipeline.", remedy="Ask an admin of the workspace for the role editor.")


class DocumentConsumer(WatchedConsumer):
    """One browser window on one document."""

    actions: ClassVar = {"connect": "pipeline.see", "edit": "pipeline.edit"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seen = 0
        self.kept = 0
        self.here: dict[int, int] = {}
        self.states = b""
        self.said_at = 0.0
        self.saying: asyncio.Task[None] | None = None
        self.forwarding = asyncio.Lock()
        self.early: dict[int, dict[str, Any]] = {}
        self.waiting: asyncio.Task[None] | None = None

    @property
    def pipeline(self) -> str:
        """The document's id."""
        id: str = self.scope["url_route"]["kwargs"]["pipeline"]
        return id

    @property
    def group(self) -> str:
        return broadcast.group(self.pipeline)

    def find(self, user: User) -> str:
        return self.fetch(user, Pipeline.objects.only("pk", "workspace_id"), self.pipeline).workspace_id

    async def opened(self) -> None:
        """Send the current state, and request awareness from the other windows."""
        self.seen, vector = await in_thread(repository.vector)(self.pipeline)
        await self.send(bytes_data=protocol.sync_request(vector))
        await broadcast.send(self.pipeline, {"type": "draft.who", "asks": self.channel_name})

    async def closed(self) -> None:
        """Remove this window from the others' awareness."""
        for task in (self.saying, self.waiting):
            if task is not None:
                task.cancel()
        if self.here:
            windows = _here.get(self.pipeline, {})
            windows.pop(self.channel_name, None)
            if not windows:
                _here.pop(self.pipeline, None)
            states = protocol.leaving(self.here)
            await broadcast.send(self.pipeline, {"type": "draft.awareness", "states": states, "by": self.channel_name})

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if bytes_data is None or self.workspace is None:
            return await self.end(BAD)
        if len(bytes_data) > settings.EASEL_MESSAGE_LIMIT:
            await self.send_error(body("too_large", "This edit is too large to save.", remedy="Make smaller edits."))
            return await self.end(BAD)
        try:
            await self._take(protocol.parse(bytes_data))
        except TooDeep as deep:
            await self.send_error(
                body("too_deep", f"An edit was not saved: {deep}.", remedy="Reload the page, and use settings with less nesting.")
            )
            await self.end(BAD)
        except (BadMessage, BadUpdate) as bad:
            await self.send_error(body("bad_message", f"The server could not read an edit: {bad}.", remedy="Reload the page."))
            await self.end(BAD)
        except Refusal as refusal:
            await self.send_error(refusal.body)
            await self.end(SIGNED_OUT if refusal.status == 401 else NOT_HERE)

    async def _take(self, frame: Frame) -> None:
        match frame.kind:
            case "ask":
                await self.send(bytes_data=protocol.sync_reply(await in_thread(repository.missing)(self.pipeline, frame.body)))
            case "answer" | "update":
                await self._edit(frame)
            case "awareness":
                await self._say_who(frame.body)

    async def _edit(self, frame: Frame) -> None:
        """Store an edit, ack it, then broadcast it. Only updates are acked: a browser does not count its sync replies."""
        counted, kept = frame.kind == "update", None
        if frame.body != NOTHING:
            kept = await in_thread(self._keep)(frame.body, quiet=not counted)
            if kept is None:
                return
        if counted:
            self.kept += 1
            await self.send(bytes_data=protocol.ack(self.kept))
        if kept is not None and kept.update is not None:
            await broadcast.send(self.pipeline, broadcast.edited(kept, self.channel_name))

    def _keep(self, update: bytes, *, quiet: bool) -> repository.EditResult | None:
        """Runs in a thread. Session and role are checked for each edit: they may have just been revoked."""
        if not self.signed_in():
            raise Refusal(401, "signed_out", "You are signed out. This edit was not saved.", remedy="Sign in, then repeat the edit.")
        role = role_in(self.user, self.workspace)
        if role is None:
            raise Refusal(404, "not_found", "You no longer have access to this pipeline.")
        if not has_role(role, self.actions["edit"]):
            if not quiet or update[:1] != b"\x00":  # a sync reply without new content is not an edit
                self.send_error_later(READ_ONLY)
            return None
        return repository.append(self.pipeline, update, self.user)

    async def _say_who(self, states: bytes) -> None:
        """Relay awareness, at most twenty times a second, and always the newest."""
        self.here |= protocol.clients(states)
        if len(self.here) > protocol.MOST_CLIENTS:
            raise BadMessage("too many windows")
        self.states = _here.setdefault(self.pipeline, {})[self.channel_name] = states
        if self.saying is None or self.saying.done():
            self.saying = asyncio.create_task(self._relay(self.said_at + AWARENESS_EVERY - time.monotonic()))

    async def _relay(self, wait: float) -> None:
        await asyncio.sleep(max(0.0, wait))
        self.said_at = time.monotonic()
        await broadcast.send(self.pipeline, {"type": "draft.awareness", "states": self.states, "by": self.channel_name})

    async def draft_who(self, message: dict[str, Any]) -> None:
        """A window joined. The first window of this process to receive this sends the awareness of all of them."""
        asks = message["asks"]
        if asks in _answered:
            return
        _answered.append(asks)
        here = [states for window, states in _here.get(self.pipeline, {}).items() if window != asks]
        if not here:
            return
        said = {"type": "draft.awareness", "states": protocol.together(here), "by": self.channel_name if self.channel_name != asks else ""}
        try:
            await self.channel_layer.send(asks, said)
        except Exception as fault:  # redis is unavailable, or the new window has gone
            log_throttled("a new window is not told who is there", fault)

    async def draft_awareness(self, message: dict[str, Any]) -> None:
        """Awareness of another window."""
        if message["by"] != self.channel_name:
            await self.send(bytes_data=protocol.awareness(message["states"]))

    async def draft_edited(self, message: dict[str, Any]) -> None:
        """An edit was stored. Edits of several processes may arrive out of order, so a missing revision is awaited."""
        self.early[message["revision"]] = message
        await self._forward()
        if self.early and (self.waiting is None or self.waiting.done()):
            self.waiting = asyncio.create_task(self._wait_for_missing())

    async def _forward(self) -> None:
        """Send the edits that follow the last one sent."""
        async with self.forwarding:
            for revision in sorted(self.early):
                if revision > self.seen + 1:
                    return
                message = self.early.pop(revision, None)
                if message is None or revision <= self.seen:
                    continue
                own = message["by"] == self.channel_name
                if message["update"] is None and not own:  # a large edit; one read serves all windows
                    await self._read_on(revision)
                    continue
                self.seen = revision
                if not own:
                    await self.send(bytes_data=protocol.update(message["update"]))

    async def _wait_for_missing(self) -> None:
        """An edit that does not arrive soon is lost, and is read from the database."""
        while self.early and not self.over:
            await asyncio.sleep(MISSING_FOR)
            try:
                if self.early and min(self.early) > self.seen + 1:
                    async with self.forwarding:
                        await self._read_on(max(self.early))
                await self._forward()
            except Exception as fault:  # the database is unavailable; the next check may succeed
                self.early.clear()
                log_throttled("a window could not read on", fault)

    async def resync(self) -> None:
        async with self.forwarding:
            revision = await in_thread(_revision)(self.pipeline)
            if revision is None:
                await self.end(NOT_HERE)
            elif revision > self.seen:
                await self._read_on(revision)

    async def _read_on(self, revision: int) -> None:
        """Read from the database; twice when nothing came, since another window's read may have begun before the edit."""
        fruitless = 0
        while self.seen < revision and fruitless < 2 and not self.over:
            before = self.seen
            self.seen, updates = await _since(self.pipeline, self.seen)
            for update in updates:
                await self.send(bytes_data=protocol.update(update))
            fruitless = fruitless + 1 if self.seen <= before else 0

    async def draft_run(self, message: dict[str, Any]) -> None:
        """A run was started."""
        await self.send(text_data=json.dumps({"run": message["run"]}))

    async def draft_gone(self, message: dict[str, Any]) -> None:
        """The pipeline was deleted."""
        await self.end(NOT_HERE)


def _revision(pipeline: str) -> int | None:
    return Pipeline.objects.filter(pk=pipeline).values_list("revision", flat=True).first()


_here: dict[str, dict[str, bytes]] = {}  # the last awareness messages of this process's windows, by pipeline and window
_answered: deque[str] = deque(maxlen=1000)
_reading: dict[tuple[str, int], asyncio.Task[tuple[int, list[bytes]]]] = {}


async def _since(pipeline: str, after: int) -> tuple[int, list[bytes]]:
    """Edits after a revision, read once for all windows of this process at the same revision."""
    key = pipeline, after
    if key not in _reading:
        reading = _reading[key] = asyncio.create_task(in_thread(repository.since)(pipeline, after))
        reading.add_done_callback(lambda _: _reading.pop(key))
    return await asyncio.shield(_reading[key])
