"""A browser's document on the socket of a pipeline, for tests."""

from __future__ import annotations

import json
from typing import Any

from asgiref.sync import sync_to_async
from pycrdt import Doc, Map

from designer.documents import protocol, services
from designer.documents.models import DraftUpdate, Pipeline
from tests.designer.conftest import Team, make_team
from tests.designer.socket import Socket, opened


class Window:
    """A browser's document on a socket."""

    def __init__(self, socket: Socket, doc: Doc[Any] | None = None) -> None:
        self.socket, self.acks, self.texts, self.awareness, self.code = socket, [0], [], [], None
        self.doc = doc or Doc()
        self.news: list[bytes] = []
        self._hearing = self.doc.observe(lambda event: self.news.append(event.update))

    async def synced(self) -> Window:
        await self.socket.send(protocol.sync_request(self.doc.get_state()))
        await self.drain()
        return self

    async def drain(self, seconds: float = 0.25) -> None:
        """Take in what comes until it is quiet."""
        while not await self.socket.quiet(seconds):
            self.take(await self.socket.receive())
            seconds = 0.1

    def take(self, said: Any) -> None:
        if isinstance(said, int):
            self.code = said
        elif isinstance(said, str):
            self.texts.append(json.loads(said))
        elif said[0] == protocol.ACK:
            self.acks.append(said[1])
        else:
            self.take_frame(protocol.parse(said))

    def take_frame(self, frame: protocol.Frame) -> None:
        if frame.kind in ("answer", "update"):
            self.doc.apply_update(frame.body)
            self.news.clear()
        elif frame.kind == "awareness":
            self.awareness.append(frame.body)

    async def name(self, text: str) -> None:
        """An edit, sent."""
        self.news.clear()
        self.doc.get("meta", type=Map)["name"] = text
        for news in self.news:
            await self.socket.send(protocol.update(news))

    @property
    def said_name(self) -> Any:
        return self.doc.get("meta", type=Map).get("name")


@sync_to_async
def world() -> tuple[Team, Pipeline]:
    team = make_team()
    return team, services.make(team.workspace, team.people["editor"], "Cars")


async def window(team: Team, pipeline: Pipeline, who: str, doc: Doc[Any] | None = None) -> Window:
    return await Window(await opened(f"/ws/pipelines/{pipeline.pk}/", team.people[who]), doc).synced()


@sync_to_async
def stored(pipeline: Pipeline) -> tuple[int, str, int]:
    found = Pipeline.objects.get(pk=pipeline.pk)
    return found.revision, found.name, DraftUpdate.objects.filter(pipeline=pipeline).count()
