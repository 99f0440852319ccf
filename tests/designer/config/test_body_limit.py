"""Bodies are counted as they come."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest
from django.test import Client

from designer.config import body_limit
from designer.config.body_limit import BodyLimit


async def sent(
    parts: list[bytes],
    path: str = "/api/pipelines/",
    headers: dict[str, str] | None = None,
    fault: OSError | None = None,
    seconds: float = 0.0,
) -> dict[str, Any]:
    """How the answer to a body of these parts begins; each part takes some seconds."""
    said: list[dict[str, Any]] = []
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts] + [{"type": "http.request", "body": b""}]

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(seconds)
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            if fault:
                raise fault
        await send({"type": "http.response.start", "status": 200})

    scope = {"type": "http", "path": path, "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()]}
    await BodyLimit(application)(scope, receive, send)
    return said[0]


FORM = {"content-type": "multipart/form-data; boundary=x"}
KNOWN = {"cookie": "easel_session=abc"}


@pytest.mark.parametrize(
    ("size", "path", "headers", "status"),
    [
        (9, "/api/pipelines/", {}, 200),
        (11, "/api/pipelines/", {}, 413),
        (11, "/api/pipelines/", {"content-length": "5"}, 413),
        (1, "/api/pipelines/", {"content-length": "11000000"}, 413),
        (11, "/api/datasets/", {**FORM, **KNOWN}, 200),
        (11, "/api/datasets/", {**FORM, "authorization": "Bearer x"}, 200),
        (11, "/api/datasets/", FORM, 413),
        (11, "/api/datasets/", KNOWN, 413),
        (31, "/api/datasets/", {**FORM, **KNOWN}, 413),
    ],
)
async def test_how_much_is_taken(size: int, path: str, headers: dict[str, str], status: int, settings: Any) -> None:
    settings.EASEL_UPLOAD_LIMIT = 30 * 1024**2
    assert (await sent([b"x" * 1024**2] * size, path, headers))["status"] == status


async def test_an_upload_that_the_disk_has_no_room_for_is_refused_before_it_comes(settings: Any) -> None:
    settings.EASEL_UPLOAD_LIMIT = 2**62
    assert (await sent([], "/api/datasets/", {**FORM, **KNOWN, "content-length": str(2**60)}))["status"] == 503


async def test_a_disk_that_fills_while_an_upload_comes_is_told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "free_bytes", lambda folder: 0)
    assert (await sent([b"x" * 1024**2] * 20, "/api/datasets/", {**FORM, **KNOWN}))["status"] == 503
    assert (await sent([b"x" * 1024**2] * 9, "/api/pipelines/"))["status"] == 200


async def test_a_disk_that_is_full_already_is_told() -> None:
    assert (await sent([b"x"], "/api/datasets/", {**FORM, **KNOWN}, OSError(errno.ENOSPC, "No space left on device")))["status"] == 503
    with pytest.raises(OSError, match="broken"):
        await sent([b"x"], "/api/datasets/", {**FORM, **KNOWN}, OSError(errno.EIO, "broken"))


@pytest.mark.parametrize(
    ("parts", "seconds", "status"), [([b"x"] * 2, 0.3, 408), ([b"x"] * 30, 0.02, 408), ([b"x" * 4096] * 30, 0.02, 200)]
)
async def test_how_slowly(parts: list[bytes], seconds: float, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "QUIET_SECONDS", 0.2)
    assert (await sent(parts, seconds=seconds))["status"] == status


async def test_a_refusal_has_the_headers_of_every_answer(db: None) -> None:
    given = {name.lower(): value for name, value in Client().get("/api/me/").headers.items()}
    begun = await sent([b"x" * 1024**2] * 11, headers={"x-request-id": "abc-1"})
    refused = {name.decode(): value.decode() for name, value in begun["headers"]}
    for name in ("referrer-policy", "x-content-type-options", "x-frame-options", "cross-origin-opener-policy", "cache-control"):
        assert refused[name] == given[name]
    assert "default-src 'self'" in refused["content-security-policy"] and refused["x-request-id"] == "abc-1"
