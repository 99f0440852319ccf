"""Downloads, streamed, so that a large file is never in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from pipelines.preview.export import FORMATS

PIECE = 256 * 1024
RAW = OpenApiParameter("raw", bool, description="CSV: do not escape text that starts like a formula.")

TABLES = tuple(FORMATS.values())


def files(*media_types: str) -> dict[tuple[int, str], OpenApiTypes]:
    """The responses of a view that sends files of these media types, for the OpenAPI schema."""
    return {(200, each): OpenApiTypes.OBJECT if each.endswith("+json") else OpenApiTypes.BINARY for each in media_types}


class ByQuery(DefaultContentNegotiation):
    """Content negotiation for views that choose the format by the query parameter `as`: any `Accept` is allowed; errors are JSON."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type


def is_raw(request: Request) -> bool:
    """Whether a CSV is requested with its texts unchanged, rather than escaped for spreadsheets."""
    return request.query_params.get("raw") in ("1", "true")


def attachment(file: Path, name: str, media_type: str, *, remove: bool = False) -> StreamingHttpResponse:
    """Send a file under a name; delete it afterwards when it was created for this response alone."""
    size = file.stat().st_size
    response = StreamingHttpResponse(_pieces(file, remove), content_type=media_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


async def _pieces(file: Path, remove: bool) -> AsyncIterator[bytes]:
    handle = await asyncio.to_thread(file.open, "rb")
    try:
        while piece := await asyncio.to_thread(handle.read, PIECE):
            yield piece
    finally:
        handle.close()
        if remove:
            file.unlink(missing_ok=True)
