"""OpenAPI: the structs that endpoints return describe themselves, and every operation refuses in the same form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec
from django.db.models.enums import Choices
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework.views import APIView

from designer.http.errors import Error

# A moment as the API shows it: ISO 8601 with an offset.
Instant = Annotated[datetime, msgspec.Meta(tz=True)]
REFS = "#/components/schemas/{name}"
_METHODS = ("get", "post", "put", "patch", "delete")
_PRESENTATION = ("title", "default", "properties")


def components(*shapes: Any) -> dict[str, Any]:
    """The JSON schemas of structs and dataclasses and of all that they are made of, by name."""
    _, found = msgspec.json.schema_components(shapes, schema_hook=_choices, ref_template=REFS)
    enums = {REFS.format(name=name): {"enum": part["enum"]} for name, part in found.items() if "enum" in part}
    return {name: _as_sent(part, enums) for name, part in found.items() if "enum" not in part}


def _choices(kind: type) -> dict[str, Any]:
    """The schema of Django's choices."""
    if issubclass(kind, Choices):
        return {"enum": kind.values}
    raise NotImplementedError(f"{kind.__name__} has no schema")


def _as_sent(part: Any, enums: dict[str, Any]) -> Any:
    """A part of a schema as of a response: fields with a default are always sent, so they are required. Enums stand where they are used."""
    if isinstance(part, list):
        return [_as_sent(item, enums) for item in part]
    if not isinstance(part, dict):
        return part
    part = enums.get(part.get("$ref", ""), part)
    shown = {key: _as_sent(value, enums) for key, value in part.items() if key not in _PRESENTATION}
    if all(isinstance(value, str) for value in part.get("enum", [None])):
        shown["type"] = "string"
    if shown == {"type": "object"}:
        shown["additionalProperties"] = {}
    if fields := part.get("properties"):
        shown["properties"] = {name: _as_sent(field, enums) for name, field in fields.items()}
        shown["required"] = [name for name, field in fields.items() if name in part["required"] or "default" in field]
    return shown


class StructSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # drf-spectacular registers it by this line
    """Describes a `msgspec.Struct` where `extend_schema` takes a serializer."""

    target_class = "msgspec.Struct"
    match_subclasses = True

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        name: str = self.target.__name__
        return name

    def get_identity(self, auto_schema: AutoSchema, direction: str) -> Any:
        return StructSchema

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> Any:
        found = components(self.target)
        for name, part in found.items():
            if name != self.target.__name__:
                nested = ResolvedComponent(name, ResolvedComponent.SCHEMA, part, StructSchema)  # type: ignore[no-untyped-call]
                auto_schema.registry.register_on_missing(nested)
        return found[self.target.__name__]


class Schema(AutoSchema):
    """Also takes `list[Struct]` for a response."""

    def _is_list_view(self, serializer: Any = None) -> bool:
        shown = self.get_response_serializers() if serializer is None else serializer
        return get_origin(shown) is list or super()._is_list_view(serializer)

    def _get_response_for_code(self, serializer: Any, status_code: str, media_types: Any = None, direction: Any = "response") -> Any:
        if get_origin(serializer) is list:
            (item,) = get_args(serializer)
            serializer = self.resolve_serializer(item, direction).ref
        return super()._get_response_for_code(serializer, status_code, media_types, direction)  # type: ignore[no-untyped-call]


@cache
def query_keys(view: type[APIView], method: str) -> frozenset[str]:
    """The keys of the query string that a method of a view declares with `extend_schema`."""
    declared = getattr(getattr(view, method.lower(), None), "kwargs", {}).get("schema")
    if declared is None:
        return frozenset()
    schema = declared()
    schema.view = view()
    schema.view.request, schema.view.kwargs, schema.method = None, {}, method.upper()
    found: set[str] = set()
    for each in schema.get_override_parameters():
        if not isinstance(each, OpenApiParameter):
            found |= each().fields.keys()
        elif each.location == OpenApiParameter.QUERY:
            found.add(each.name)
    return frozenset(found)


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A drf-spectacular hook that adds the error response to every operation."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(components(Error))
    form = {"application/json": {"schema": {"$ref": REFS.format(name="Error")}}}
    wait = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    refused = {"description": "Refused, with a message and a remedy.", "content": form}
    too_many = {"description": "Too many of this kind; `Retry-After` says how long to wait.", "content": form, "headers": wait}
    unable = {
        "description": "The database or the disk is not available at the moment; `Retry-After` says when to try again.",
        "content": form,
        "headers": wait,
    }
    result["components"].setdefault("responses", {}).update({"TooMany": too_many, "Unable": unable})
    answers = {
        "4XX": refused,
        **{status: {"$ref": f"#/components/responses/{name}"} for status, name in (("429", "TooMany"), ("503", "Unable"))},
    }
    for operation in _operations(result):
        operation.setdefault("responses", {}).update(answers)
    return result


def _operations(result: dict[str, Any]) -> Iterable[dict[str, Any]]:
    return (path[method] for path in result.get("paths", {}).values() for method in _METHODS if method in path)
