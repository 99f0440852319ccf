"""The Open Inference Protocol v2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.designer.endpoints.serving.support import app_of, ask, served

INFER = "/v2/models/cars/infer"
A = {"name": "a", "shape": [2], "datatype": "FP64", "data": [1.5, 2]}
MAKE = {"name": "make", "shape": [2, 1], "datatype": "BYTES", "data": [["bmw"], [None]], "parameters": {"content_type": "pd"}}


async def test_a_table_is_one_input_per_column():
    answer = (await ask(app_of(served({1: 100})), "POST", INFER, {"id": "7", "inputs": [A, MAKE]})).json
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("cars", "1", "7")
    assert answer["outputs"] == [
        {"name": "sum", "datatype": "FP64", "shape": [2], "data": [2.5, 3.0]},
        {"name": "label", "datatype": "BYTES", "shape": [2], "data": ["x", "x"]},
    ]
    one = await ask(app_of(served({1: 100})), "POST", "/v2/models/cars/versions/2/infer", {"inputs": [A], "outputs": [{"name": "sum"}]})
    assert one.json["model_version"] == "2" and [output["data"] for output in one.json["outputs"]] == [[3.5, 4.0]]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "not JSON"),
        ({"inputs": [{"name": "a"}]}, 422, "shape"),
        ({"inputs": [A], "graph": {}}, 422, "graph"),
        ({"inputs": [A, A]}, 422, "twice"),
        ({"inputs": [{**A, "shape": [3]}]}, 422, "3 values"),
        ({"inputs": [{**A, "shape": [1, 2]}]}, 422, "[n, 1]"),
        ({"inputs": [{**A, "datatype": "FP8"}]}, 422, "FP8"),
        ({"inputs": [{**A, "datatype": "INT64", "data": ["x", 1]}]}, 422, "whole number"),
        ({"inputs": [{**A, "datatype": "INT64", "data": ["1_0", 1]}]}, 422, "whole number"),
        ({"inputs": [A, {**MAKE, "shape": [1], "data": ["bmw"]}]}, 422, "different numbers"),
        ({"inputs": [MAKE]}, 422, "“a”"),
        ({"inputs": [A], "outputs": [{"name": "zz"}]}, 422, "zz"),
    ],
)
async def test_what_is_wrong_is_said_as_a_text(body: Any, status: int, words: str):
    answer = await ask(app_of(served({1: 100})), "POST", INFER, body)
    assert answer.status == status and words in answer.json["error"]


async def test_large_whole_numbers_may_be_texts():
    body = {"inputs": [{"name": "a", "shape": [1], "datatype": "INT64", "data": ["9007199254740993"]}]}
    assert (await ask(app_of(served({1: 100})), "POST", INFER, body)).status == 200


async def test_what_there_is_can_be_asked():
    app = app_of(served({1: 90, 2: 10}))
    assert (await ask(app, "GET", "/v2", key=None)).json["name"] == "easel"
    assert (await ask(app, "GET", "/v2/health/ready", key=None)).status == 200
    assert (await ask(app, "GET", "/v2/models/cars/ready")).json == {"name": "cars", "ready": True}
    found = (await ask(app, "GET", "/v2/models/cars/versions/2")).json
    assert found["versions"] == ["1", "2", "3"] and found["inputs"][0] == {"name": "a", "datatype": "FP64", "shape": [-1]}
    assert (await ask(app, "GET", "/v2/models/cars", key=None)).json["error"].startswith("The request has no valid key.")
