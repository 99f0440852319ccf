"""The errors in the OpenAPI schema: one form for all of them."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_MAYBE = {"type": "string", "nullable": True}
_EDGE = {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2, "nullable": True}
_PLACES = {"node": _MAYBE, "port": _MAYBE, "param": _MAYBE, "edge": _EDGE}
PROBLEM = {
    "type": "object",
    "required": ["code", "words", "remedy", "severity", "node", "port", "param", "column", "edge", "key", "subject"],
    "properties": {
        "code": _TEXT,
        "words": _TEXT,
        "remedy": _MAYBE,
        "severity": {"type": "string", "enum": ["error", "warning", "unfinished"]},
        **_PLACES,
        "column": _MAYBE,
        "key": _MAYBE,
        "subject": {"type": "array", "items": _TEXT},
    },
}
ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "words", "remedy", "node", "port", "param", "edge"],
            "properties": {
                "code": _TEXT,
                "words": _TEXT,
                "remedy": _MAYBE,
                **_PLACES,
                "problems": {"type": "array", "items": {"$ref": "#/components/schemas/Problem"}},
                "revision": {"type": "integer"},
                "field": _MAYBE,
            },
        }
    },
}
_METHODS = ("get", "post", "put", "patch", "delete")


def document_errors(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A drf-spectacular hook that adds the error response to every operation."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    schemas["Error"] = ERROR
    form = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    wait = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    refused = {"description": "Refused, with words and a remedy.", "content": form}
    too_many = {"description": "Too many of this kind; `Retry-After` says how long to wait.", "content": form, "headers": wait}
    unable = {
        "description": "The database or the disk cannot serve at the moment; `Retry-After` says when to try again.",
        "content": form,
        "headers": wait,
    }
    result["components"].setdefault("responses", {}).update({"TooMany": too_many, "Unable": unable})
    answers = {
        "4XX": refused,
        **{status: {"$ref": f"#/components/responses/{name}"} for status, name in (("429", "TooMany"), ("503", "Unable"))},
    }
    for path in result.get("paths", {}).values():
        for method in _METHODS:
            if method in path:
                path[method].setdefault("responses", {}).update(answers)
    return result
