"""The OpenAPI document of one endpoint, with its columns and a real row as the example."""

from __future__ import annotations

from typing import Any

from designer.endpoints.serving.model import Model
from designer.endpoints.serving.routing import Served
from pipelines.serving.signature import Column

TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
}
REFUSALS = {
    "400": "The body is not JSON or CSV.",
    "401": "No valid key.",
    "404": "The address does not exist, or the key is not for it.",
    "408": "The body or its scoring took too long.",
    "413": "The body is too large, or has too many rows.",
    "415": "The content type is not supported.",
    "422": "A row does not follow the schema; the words name its row and column.",
    "429": "The key's rate is used up, or too many requests wait; Retry-After says for how long.",
    "500": "An unexpected error; the words have its id in the log.",
    "503": "No version takes requests now, or the sandbox of a script ended.",
}


def document(served: Served, model: Model) -> dict[str, Any]:
    """The document of an endpoint.

    Args:
        served: The endpoint.
        model: The version whose columns are described.
    """
    row, result = _row(model.columns), _row(model.outputs)
    example = {"rows": [model.signature.example]}
    requests = {"schema": {"$ref": "#/components/schemas/Request"}, "example": example}
    answers = {"200": {"description": "A result for each row.", "content": {"application/json": {"schema": _ref("Response")}}}}
    answers |= {
        status: {"description": words, "content": {"application/json": {"schema": _ref("Error")}}} for status, words in REFUSALS.items()
    }
    score = {
        "summary": "Score rows",
        "operationId": "score",
        "requestBody": {"required": True, "content": {"application/json": requests, "text/csv": {"schema": {"type": "string"}}}},
        "responses": answers,
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": served.name,
            "version": str(model.number),
            **({"description": f"{model.slower.capitalize()}."} if model.slower else {}),
        },
        "paths": {f"/serve/{served.workspace}/{served.name}/score": {"post": score}},
        "security": [{"bearer": []}, {"key": []}],
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
            "schemas": {
                "Row": row,
                "Result": result,
                "Request": _request(served),
                "Response": _response(),
                "Error": {"type": "object", "properties": {"error": {"type": "object"}}, "required": ["error"]},
            },
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _row(columns: tuple[Column, ...]) -> dict[str, Any]:
    properties = {column.name: _value(column) for column in columns}
    return {"type": "object", "properties": properties, "required": [column.name for column in columns if not column.nullable]}


def _value(column: Column) -> dict[str, Any]:
    """The schema of a value. Texts that training did not have are allowed, so they are examples and no enumeration."""
    shape = dict(TYPES.get(column.type, {"type": "string"}))
    shape["type"] = [shape["type"], "null"]
    if column.categories:
        shape["examples"] = [*column.categories]
    if column.low is not None and column.high is not None:
        shape["description"] = f"In training from {column.low:g} to {column.high:g}."
    return shape


def _request(served: Served) -> dict[str, Any]:
    rows = {"type": "array", "items": _ref("Row"), "maxItems": served.limits.rows}
    options = {"request_id": {"type": "string", "maxLength": 200}, "on_error": {"enum": ["refuse", "null"], "default": "refuse"}}
    split = {
        "columns": {"type": "array", "items": {"type": "string"}},
        "data": {"type": "array", "items": {"type": "array"}, "maxItems": served.limits.rows},
    }
    return {
        "oneOf": [
            {"type": "object", "properties": {"rows": rows, **options}, "required": ["rows"], "additionalProperties": False},
            {"type": "object", "properties": {**split, **options}, "required": [*split], "additionalProperties": False},
            _ref("Row"),
        ]
    }


def _response() -> dict[str, Any]:
    properties = {
        "rows": {"type": "array", "items": {"oneOf": [_ref("Result"), {"type": "null"}]}},
        "model": {"type": "object", "properties": {"version": {"type": "integer"}}, "required": ["version"]},
        "request_id": {"type": "string"},
        "warnings": {"type": "array", "items": {"type": "string"}},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"row": {"type": "integer"}, "words": {"type": "string"}}}},
    }
    required = ["rows", "model", "request_id", "warnings"]
    return {"type": "object", "properties": properties, "required": required}
