"""Every operation of the API, called as its own description says and otherwise too: no fault of ours, and each answer has the form described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from designer.documents import repository
from tests.designer.workspaces.world import World, world_of_file  # noqa: F401  a fixture

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
SCHEMA = schemathesis.openapi.from_path(Path(__file__).parents[2] / "frontend" / "openapi.json")
SCHEMA.app = WSGIHandler()
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture
def world(world_of_file: World, db: None) -> Iterator[World]:  # noqa: F811
    """Its connection is the test's own: no request closes it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield world_of_file
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_calls_of_every_kind(operation: Any, world: World) -> None:
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, known=st.booleans(), who=st.sampled_from(["owner", "viewer"]))
    def calls(case: Any, known: bool, who: str) -> None:
        if known:  # most made-up ids find nothing
            case.path_parameters = {name: world.objects.get(name, value) for name, value in (case.path_parameters or {}).items()}
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Bearer {world.tokens[who]}", "Accept-Encoding": "identity"})
            transaction.set_rollback(True)
        repository._open.clear()
        case.validate_response(response, checks=CHECKS)

    calls()


@pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS if found.method == "post" and not found.body], ids=lambda found: found.label
)
def test_what_takes_no_body_refuses_one(operation: Any, world: World) -> None:
    address = operation.path.format(**world.objects)
    answer = APIClient(HTTP_AUTHORIZATION=f"Bearer {world.tokens['owner']}").post(address, {"scored": "a.b"}, format="json")
    assert (answer.status_code, answer.json()["error"].get("field")) == (400, "scored"), answer.content


@pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS if found.method in ("post", "put", "patch")], ids=lambda found: found.label
)
def test_bodies_that_are_no_object(operation: Any, world: World) -> None:
    address = operation.path.format(**world.objects, token="0" * 32)
    client = APIClient(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {world.tokens['owner']}")
    for text in ("[null, null]", "0", "null", '"x"', "true", "1.5"):
        answer = client.generic(operation.method.upper(), address, text, "application/json")
        assert answer.status_code < 500, (text, answer.content)
