"""A scorer that adds, an application that serves it, and a client that speaks ASGI."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from designer.endpoints.limits import EndpointLimits
from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.model import Model
from designer.endpoints.serving.routing import Key, Routing, Served, choices
from designer.workspaces.token_hashing import digest
from pipelines.serving.checking import check
from pipelines.serving.signature import Column, Signature

KEY, OTHER_KEY = "ek_first", "ek_other"
SIGNATURE = Signature(
    inputs=(Column("a", "number", "Float64"), Column("make", "text", "String", nullable=True, categories=("bmw",))),
    outputs=(Column("sum", "number", "Float64"), Column("label", "text", "String")),
    example={"a": 1.5, "make": "bmw"},
)


@dataclass
class Answer:
    rows: Sequence[Any]
    reasons: Mapping[int, str] = field(default_factory=dict)
    warnings: Sequence[str] = ()


class Adder:
    """Adds its number to the column `a`. A row whose `a` is -1 has no answer."""

    def __init__(self, number: int, mode: str = "compiled") -> None:
        self.number, self.mode, self.signature = number, mode, SIGNATURE
        self.slower = "slower: has a script" if mode == "sandbox" else ""
        self.before: Any = lambda: None

    def score(self, rows: Sequence[Mapping[str, Any]], on_error: str, seconds: float | None = None) -> Answer:
        self.before()
        if on_error == "null":
            reasons = {place: f"Row {place}: no." for place, row in enumerate(rows) if not isinstance(row.get("a"), int | float)}
            return Answer(
                [{"sum": 0.0 if place in reasons else row["a"] + self.number, "label": "x"} for place, row in enumerate(rows)], reasons
            )
        checked = check(self.signature, rows)
        frame = checked.table.frame
        return Answer([{"sum": value + self.number, "label": "x"} for value in frame["a"].fill_null(0)], {}, checked.warnings)


def served(
    shares: Mapping[int, int], *, id: str = "e1", name: str = "cars", limits: EndpointLimits | None = None, sticky: str = "", **more: Any
) -> Served:
    """An endpoint whose versions add their number."""
    models = {number: Model(number, more.get("scorers", {}).get(number) or Adder(number)) for number in {1, 2, 3} | shares.keys()}
    return Served(id, "w1", name, limits or EndpointLimits(), sticky, models, choices(shares, models) or ())


def routing(*endpoints: Served, rate: int = 600_000, expires_at: float | None = None) -> Routing:
    """A routing with one key for the endpoint e1, and one for e2."""
    keys = {digest(KEY): Key("k1", "e1", rate, expires_at), digest(OTHER_KEY): Key("k2", "e2", rate)}
    return Routing(1, {each.id: each for each in endpoints}, keys)


def app_of(*endpoints: Served, **more: Any) -> ServingApp:
    """An application that serves endpoints."""
    app = ServingApp(lambda given: given == "Bearer operator", lambda text: text if text in ("e1", "e9") else None)
    app.routing = routing(*endpoints, **more)
    return app


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def ask(app: ServingApp, method: str, path: str, body: Any = None, *, key: str | None = KEY, **headers: str) -> Reply:
    """Send one request; a body that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    sent = {name.replace("_", "-").lower(): value for name, value in headers.items()} | ({"authorization": f"Bearer {key}"} if key else {})
    scope = {"type": "http", "method": method, "path": path, "headers": [(name.encode(), value.encode()) for name, value in sent.items()]}
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    heads = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return Reply(said[0]["status"], heads, b"".join(part["body"] for part in said[1:]))


def with_limits(**limits: Any) -> EndpointLimits:
    """The default limits, but some."""
    return EndpointLimits(**limits)
