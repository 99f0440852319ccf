"""The ASGI application of a serving process. Nothing on the way of a request waits for a database, a broker or a store."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from uuid import uuid4

from designer.endpoints.serving import description, simple, v2
from designer.endpoints.serving.callers import Caller, Callers
from designer.endpoints.serving.counting import Counts, prometheus
from designer.endpoints.serving.keeping import Keeper
from designer.endpoints.serving.model import Model, Scored
from designer.endpoints.serving.observing import Observer
from designer.endpoints.serving.replies import Refused, Reply, absent, answer
from designer.endpoints.serving.routing import Routing, Served
from designer.endpoints.serving.scoring import Scoring

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
STARTING = Refused(
    503, "starting", "The endpoints are still being loaded.", remedy="Try again in a second.", headers=((b"retry-after", b"1"),)
)


class ServingApp:
    """Answers requests from the memory of this process.

    `routing` is replaced as a whole by the thread that watches for changes. `observer` counts the values of each scored request, and `keeper`
    keeps what the endpoint says.
    """

    def __init__(self, is_operator: Callable[[str], bool], read_ticket: Callable[[str], str | None]) -> None:
        self.routing = Routing()
        self.counts = Counts()
        self.callers = Callers(read_ticket)
        self.scoring = Scoring()
        self.observer: Observer | None = None
        self.keeper = Keeper()
        self.stopping = False
        self._is_operator = is_operator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        started = time.perf_counter()
        reply, counted = await self._reply(scope, receive)
        headers = [*reply.headers, (b"content-length", str(len(reply.body)).encode())]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})
        if counted and reply.endpoint:
            self.counts.add(reply.endpoint, reply.version, reply.status, time.perf_counter() - started, reply.rows, reply.warnings)

    async def _reply(self, scope: Scope, receive: Receive) -> tuple[Reply, bool]:
        """The answer to a request, and whether it is counted."""
        parts = scope["path"].split("/")[1:]
        if parts[-1] == "" and len(parts) > 1:
            parts.pop()
        protocol = parts[0] == "v2"
        caller: Caller | None = None
        try:
            if (reply := self._public(scope, parts)) is not None:
                return reply, False
            caller = self.callers.of(scope, self.routing)
            reply = await (self._v2 if protocol else self._serve)(scope, receive, caller, parts[1:])
        except Refused as wrong:
            reply = wrong.v2() if protocol else wrong.plain()
        except ConnectionError:
            reply = Reply(499, b"")  # the client is gone
        except Exception:
            reply = _broken(protocol)
        if caller is not None:
            reply.endpoint = caller.served.id
        return reply, caller is not None and caller.counted

    def _public(self, scope: Scope, parts: list[str]) -> Reply | None:
        """Answers that need no key: health, figures for the operator, and the server of the protocol."""
        match parts:
            case ["health", "live"] | ["v2", "health", "live"]:
                return answer({"live": True})
            case ["health", "ready"] | ["v2", "health", "ready"]:
                ready = self.routing.revision >= 0 and not self.stopping
                return answer({"ready": ready}, 200 if ready else 503)
            case ["v2"]:
                return answer(v2.SERVER)
            case ["metrics"]:
                given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
                if not self._is_operator(given.decode("latin-1")):
                    raise absent()
                names = {id: (served.workspace, served.name) for id, served in self.routing.endpoints.items()}
                return Reply(200, prometheus(self.counts, names), ((b"content-type", b"text/plain; version=0.0.4; charset=utf-8"),))
            case ["serve", _, _, *_] | ["v2", "models", _, *_]:
                if self.routing.revision < 0:
                    raise STARTING
                return None
        raise absent()

    async def _serve(self, scope: Scope, receive: Receive, caller: Caller, parts: list[str]) -> Reply:
        """The simple form: /serve/WORKSPACE/ENDPOINT[/versions/V]/score, schema or health/ready."""
        served, rest = caller.served, parts[2:]
        if (parts[0], parts[1]) != (served.workspace, served.name):
            raise absent()
        model = None
        if rest[:1] == ["versions"]:
            model, rest = _version(served, rest[1:2]), rest[2:]
        match rest:
            case ["score"]:
                _only(scope, "POST")
                return await self._score(scope, receive, caller, model)
            case ["schema"]:
                _only(scope, "GET", "HEAD")
                return answer(description.document(served, model or _serving(served)))
            case ["health", "ready"]:
                return answer({"ready": True, "version": (model or _serving(served)).number})
        raise absent()

    async def _score(self, scope: Scope, receive: Receive, caller: Caller, model: Model | None) -> Reply:
        served = caller.served
        body, content_type, request_id = await self.scoring.body(scope, receive, served)
        asked = simple.read(body, content_type, request_id)
        model = model or _chosen(served, asked)
        if asked.from_text:
            asked.rows = model.from_texts(asked.rows)
        return simple.write(asked, model, await self._scored(caller, model, asked))

    async def _v2(self, scope: Scope, receive: Receive, caller: Caller, parts: list[str]) -> Reply:
        """The protocol: /v2/models/ENDPOINT[/versions/V][/ready or /infer]."""
        served, rest = caller.served, parts[2:]
        if parts[1] != served.name:
            raise absent()
        model = None
        if rest[:1] == ["versions"]:
            model, rest = _version(served, rest[1:2]), rest[2:]
        match rest:
            case []:
                return answer(v2.describe(served.name, model or _serving(served), sorted(served.versions)))
            case ["ready"]:
                return answer({"name": served.name, "ready": bool(model or _serving(served))})
            case ["infer"]:
                _only(scope, "POST")
                body, _, request_id = await self.scoring.body(scope, receive, served)
                rows, asked = v2.read(body, request_id)
                model = model or _chosen(served, rows)
                return v2.write(served.name, asked, rows, model, await self._scored(caller, model, rows))
        raise absent()

    async def _scored(self, caller: Caller, model: Model, asked: simple.Asked) -> Scored:
        """Score rows, and have their values counted and kept, unless they are of the test page."""
        served, observer = caller.served, self.observer if caller.counted else None
        try:
            scored = await self.scoring.score(served, model, asked)
        except Refused as wrong:
            if observer is not None and (column := wrong.places.get("column")):
                observer.refuse(served, model, column)
            raise
        if observer is not None:
            observer.observe(served, model, asked.rows, scored.rows)
        if caller.counted:
            self.keeper.hand(served, model, asked.request_id, asked.rows, scored.rows)
        return scored


def _only(scope: Scope, *methods: str) -> None:
    if scope["method"] not in methods:
        allowed = ", ".join(methods)
        words = f"The method {scope['method']} is not for this address."
        raise Refused(405, "wrong_method", words, remedy=f"Use {allowed}.", headers=((b"allow", allowed.encode()),))


def _version(served: Served, given: Sequence[str]) -> Model:
    """The version that an address names."""
    text = given[0] if given else ""
    found = served.versions.get(int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    if found is None:
        raise absent()
    return found


def _serving(served: Served) -> Model:
    """The version with the most requests."""
    if (main := served.main) is None:
        raise _none_serves()
    return main


def _chosen(served: Served, asked: simple.Asked) -> Model:
    """The version for a request: by the column that the endpoint names, else by the request's id."""
    text = asked.request_id
    if served.sticky_column and asked.rows:
        value = asked.rows[0].get(served.sticky_column)
        text = text if value is None else str(value)
    model = served.choose(text)
    if model is None:
        raise _none_serves()
    return model


def _none_serves() -> Refused:
    words = "No version of the endpoint takes requests now."
    return Refused(503, "not_serving", words, remedy="Wait until its version is ready.", headers=((b"retry-after", b"2"),))


def _broken(protocol: bool) -> Reply:
    """A 500 with an id, by which the line in the log is found. The log has no values of the request."""
    id = uuid4().hex
    log.exception("request %s failed unexpectedly", id)
    wrong = Refused(
        500, "internal", f"The request failed unexpectedly; it is in the log as {id}.", remedy="Tell the person who runs Easel."
    )
    return wrong.v2() if protocol else wrong.plain()
