"""GET what can be dragged, and the help of each module."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import ClassVar

import msgspec
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from designer.http.errors import absent
from designer.workspaces.endpoint import Endpoint
from pipelines.catalogue.help import ModuleHelp, help_of
from pipelines.catalogue.palette import Palette, Param, form, palette

CHOICE = OpenApiParameter("choice", str, required=True, description="The value of the setting that `form_of` names.")


@dataclass(frozen=True)
class Answer:
    """A body that is the same for everyone, so that it is compressed once."""

    body: bytes
    compressed: bytes
    tag: str


class Modules(Endpoint):
    """The palette: the same until the process ends, so a browser may keep it."""

    actions: ClassVar = {"get": "module.see"}

    @extend_schema(responses=Palette)
    def get(self, request: Request) -> HttpResponse:
        return _answer(request, _palette())


class OneModule(Endpoint):
    """The help page of a module, kept like the palette."""

    actions: ClassVar = {"get": "module.see"}

    @extend_schema(operation_id="modules_help", responses=ModuleHelp)
    def get(self, request: Request, module: str) -> HttpResponse:
        found = help_of(module)
        if found is None:
            raise absent()
        return _answer(request, _encoded(found))


def _answer(request: Request, answer: Answer) -> HttpResponse:
    response = _body(request, answer)
    response.headers["ETag"] = answer.tag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _body(request: Request, answer: Answer) -> HttpResponse:
    if answer.tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(answer.body, content_type="application/json")
    return HttpResponse(answer.compressed, content_type="application/json", headers={"Content-Encoding": "gzip"})


class Options(Endpoint):
    """The settings within a setting of kind options, for a value of the choice that they depend on."""

    actions: ClassVar = {"get": "module.see"}

    @extend_schema(parameters=[CHOICE], responses=list[Param])
    def get(self, request: Request, module: str, param: str) -> HttpResponse:
        fields = form(module, param, request.query_params.get("choice", ""))
        if fields is None:
            raise Http404
        return HttpResponse(msgspec.json.encode(fields), content_type="application/json")


@cache
def _palette() -> Answer:
    return _encoded(palette())


def _encoded(told: object) -> Answer:
    body = msgspec.json.encode(told)
    return Answer(body, gzip.compress(body, mtime=0), f'"{sha256(body).hexdigest()[:32]}"')
