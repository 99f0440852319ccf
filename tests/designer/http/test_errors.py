"""One form for every error."""

from __future__ import annotations

import pytest
from rest_framework import exceptions

from designer.http.errors import Refusal, answer, invalid_graph
from pipelines.catalogue.errors import ModuleError
from pipelines.flow import Problem, UnsoundGraph

FORM = {"code", "words", "remedy", "node", "port", "param", "edge"}
PROBLEM = Problem("unknown_port", "No.", node="a", port="x", edge=("a.x", "b.y"), remedy="Draw again.")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Refusal(409, "taken", "No."), 409, "taken"),
        (UnsoundGraph([PROBLEM]), 422, "unknown_port"),
        (ModuleError("unknown_column", "No."), 400, "unknown_column"),
        (exceptions.NotAuthenticated(), 401, "signed_out"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
    ],
)
def test_every_refusal_has_the_form(error: Exception, status: int, code: str) -> None:
    said = answer(error, {})
    assert said is not None and said.status_code == status
    assert set(said.data["error"]) >= FORM and said.data["error"]["code"] == code and said.data["error"]["words"]


def test_another_method_or_content_type_is_refused_with_what_can_be_sent() -> None:
    words = answer(exceptions.MethodNotAllowed("PUT"), {}).data["error"]  # type: ignore[union-attr]
    assert words["words"].startswith("PUT cannot") and "Allow" in words["remedy"]
    assert answer(exceptions.UnsupportedMediaType("text/plain"), {}).data["error"]["remedy"] == "Send JSON: application/json."  # type: ignore[union-attr]


def test_what_nobody_foresaw_goes_to_the_log() -> None:
    assert answer(ZeroDivisionError(), {}) is None


def test_a_graph_is_refused_by_its_first_error_and_all_are_listed() -> None:
    warning = Problem("dull", "Hm.", severity="warning")
    error = invalid_graph([warning, PROBLEM]).body["error"]
    assert (error["code"], error["node"], error["edge"]) == ("unknown_port", "a", ("a.x", "b.y"))
    assert [problem["code"] for problem in error["problems"]] == ["dull", "unknown_port"]
