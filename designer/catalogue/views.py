"""GET what can be dragged."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import ClassVar

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from designer.workspaces.endpoint import Endpoint
from pipelines.catalogue.palette import Palette, palette


class Modules(Endpoint):
    """The palette: the same until the process ends, so a browser may keep it."""

    actions: ClassVar = {"get": "module.see"}

    @extend_schema(responses=Palette)
    def get(self, request: Request) -> HttpResponse:
        body, tag = _palette()
        unchanged = tag in request.headers.get("If-None-Match", "")
        response = HttpResponse(status=304) if unchanged else HttpResponse(body, content_type="application/json")
        response.headers["ETag"] = tag
        response.headers["Cache-Control"] = "private, no-cache"
        return response


@cache
def _palette() -> tuple[bytes, str]:
    body = msgspec.json.encode(palette())
    return body, f'"{sha256(body).hexdigest()[:32]}"'
