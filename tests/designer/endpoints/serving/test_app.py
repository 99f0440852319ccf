"""The application of a serving process: addresses, keys, limits, and the choice of the version."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from designer.endpoints.serving.app import ServingApp
from designer.endpoints.serving.model import Model
from pipelines.catalogue.errors import ModuleError
from pipelines.serving.isolated import Unavailable
from pipelines.serving.signature import Column, Signature
from tests.designer.endpoints.serving.support import KEY, OTHER_KEY, Adder, app_of, ask, routing, served, with_limits

SCORE = "/serve/w1/cars/score"
ROW = {"a": 1.5, "make": "bmw"}


async def test_rows_a_split_table_and_a_bare_object_give_the_same():
    app = app_of(served({1: 100}))
    forms = [{"rows": [ROW]}, {"columns": ["make", "a"], "data": [["bmw", 1.5]]}, ROW]
    answers = [await ask(app, "POST", SCORE, form) for form in forms]
    assert [answer.status for answer in answers] == [200] * 3
    assert all(answer.json["rows"] == [{"sum": 2.5, "label": "x"}] for answer in answers)
    assert answers[0].json["model"] == {"version": 1} and answers[0].json["warnings"] == [] and len(answers[0].json["request_id"]) == 32


async def test_csv_gives_the_same_with_its_texts_read_by_the_columns():
    csv = await ask(app_of(served({1: 100})), "POST", SCORE, b"a,make\n1.5,bmw\n2,\n", content_type="text/csv; charset=utf-8")
    assert [row["sum"] for row in csv.json["rows"]] == [2.5, 3]
    for text in ("x", "1_000"):
        wrong = await ask(app_of(served({1: 100})), "POST", SCORE, f"a,make\n{text},bmw\n".encode(), content_type="text/csv")
        assert (wrong.status, wrong.json["error"]["field"]) == (422, "rows[0].a")
    spaced = await ask(app_of(served({1: 100})), "POST", SCORE, b" a ,make\n1.5,bmw\n", content_type="text/csv")  # as an upload reads it
    assert spaced.json["rows"] == csv.json["rows"][:1]


def test_the_texts_of_a_file_are_read_as_they_are_counted():
    scorer = Adder(1)
    scorer.signature = Signature((Column("month", "integer", "Int64"), Column("new", "boolean", "Boolean")), ())
    rows = [{"month": text, " new ": "1"} for text in ("4", "4.0", "-4.", "4.5", "")]
    found = Model(1, scorer).from_texts(rows)
    assert [row["month"] for row in found] == [4, 4, -4, "4.5", ""] and {row["new"] for row in found} == {True}


async def test_many_rows_are_scored_by_a_thread_and_the_loop_goes_on():
    scorer, gate = Adder(1), threading.Event()
    scorer.before = lambda: gate.wait(10) if threading.current_thread() is not threading.main_thread() else None
    app = app_of(served({1: 100, 2: 0}, scorers={1: scorer}))
    slow = asyncio.create_task(ask(app, "POST", SCORE, {"rows": [ROW] * 500}))
    while not app.scoring.waiting["e1"]:
        await asyncio.sleep(0)
    assert (await ask(app, "GET", "/health/live", key=None)).status == 200
    gate.set()
    assert len((await slow).json["rows"]) == 500
    while app.scoring.waiting["e1"]:
        await asyncio.sleep(0)


async def test_a_script_that_hangs_holds_no_other_endpoint_up_and_what_ends_it_is_told():
    script, gate = Adder(1, "sandbox"), threading.Event()
    script.before = lambda: gate.wait(10)
    app = app_of(served({1: 100, 2: 0}, scorers={1: script}), served({1: 100}, id="e2", name="other"))
    hanging = [asyncio.create_task(ask(app, "POST", SCORE, ROW)) for _ in range(6)]
    while app.scoring.waiting["e1"] < 6:
        await asyncio.sleep(0)
    other = await ask(app, "POST", "/serve/w1/other/score", {"rows": [ROW] * 500}, key=OTHER_KEY)
    assert (other.status, len(other.json["rows"])) == (200, 500)
    gate.set()
    assert [(await each).status for each in hanging] == [200] * 6

    def ended(code):
        raise Unavailable("script", "Script", ModuleError(code, "It ended.", remedy="Try again."))

    for code, status in (("ended_early", 503), ("took_too_long", 408), ("no_sandbox", 503)):
        script.before = lambda code=code: ended(code)
        answer = await ask(app, "POST", SCORE, ROW)
        assert (answer.status, answer.json["error"]["code"], answer.headers["retry-after"]) == (status, code, "1")
        assert answer.json["error"]["words"] == "Script: It ended."
    assert (await ask(app, "GET", "/v2/models/cars")).json["platform"] == "easel (slower: has a script)"
    assert (await ask(app, "GET", "/serve/w1/cars/schema")).json["info"]["description"] == "Slower: has a script."


@pytest.mark.parametrize(
    ("key", "path", "status"),
    [
        (None, SCORE, 401),
        ("ek_wrong", SCORE, 401),
        (OTHER_KEY, SCORE, 404),
        (KEY, "/serve/w1/absent/score", 404),
        (KEY, "/serve/w9/cars/score", 404),
        (KEY, "/serve/w1/cars/versions/9/score", 404),
        (KEY, "/serve/w1/cars/versions/x/score", 404),
        (KEY, "/serve/w1/cars/else", 404),
        (KEY, "/serve/w1/cars", 404),
        (KEY, "/v2/models/other/infer", 404),
        (KEY, "/else", 404),
        ("x" * 600, SCORE, 401),
        ("ticket.forged", SCORE, 401),
    ],
)
async def test_foreign_and_absent_are_alike(key, path, status):
    app = app_of(served({1: 100}), served({1: 100}, id="e2", name="other"))
    answer = await ask(app, "POST", path, {"rows": [ROW]}, key=key)
    assert answer.status == status
    if status == 404 and path.startswith("/serve"):
        absent = await ask(app, "POST", "/serve/nowhere/nothing/score", {"rows": [ROW]})
        assert answer.body == absent.body and answer.headers == absent.headers


async def test_a_key_in_the_address_is_none_and_x_api_key_is_one():
    app = app_of(served({1: 100}))
    assert (await ask(app, "POST", f"{SCORE}?key={KEY}", ROW, key=None)).status in (401, 404)
    assert (await ask(app, "POST", SCORE, ROW, key=None, x_api_key=KEY)).status == 200


async def test_an_expired_key_and_a_revoked_one_are_unknown():
    expired = app_of(served({1: 100}), expires_at=time.time() - 1)
    assert (await ask(expired, "POST", SCORE, ROW)).status == 401
    app = app_of(served({1: 100}))
    app.routing = routing()
    assert (await ask(app, "POST", SCORE, ROW)).status == 401


async def test_a_ticket_of_the_test_page_is_for_one_endpoint_and_is_not_counted():
    app = app_of(served({1: 100}))
    assert (await ask(app, "POST", SCORE, ROW, key="ticket.e1")).status == 200
    assert (await ask(app, "POST", SCORE, ROW, key="ticket.e9")).status == 404
    assert app.counts.total == {}


async def test_the_rate_of_a_key_is_kept_and_the_answer_says_how_long_to_wait():
    app = app_of(served({1: 100}), rate=2)
    statuses = [(await ask(app, "POST", SCORE, ROW)).status for _ in range(3)]
    refused = await ask(app, "POST", SCORE, ROW)
    assert statuses == [200, 200, 429] and 25 <= int(refused.headers["retry-after"]) <= 31
    assert refused.json["error"]["code"] == "too_many" and "2 requests a minute" in refused.json["error"]["words"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "not_json"),
        (b'{"rows": [' * 5000, {}, 400, "not_json"),
        (b"\xff", {}, 400, "not_json"),
        (b"[1]", {}, 422, "wrong_form"),
        ({"rows": {}}, {}, 422, "wrong_form"),
        ({"rows": [1]}, {}, 422, "wrong_form"),
        ({"row": {"a": 1}}, {}, 422, "wrong_form"),
        ({"dataframe_split": {"columns": ["a"], "data": [[1]]}}, {}, 422, "wrong_form"),
        ({"instances": [{"a": 1}]}, {}, 422, "wrong_form"),
        ({"rows": [ROW], "graph": {}}, {}, 422, "unknown_key"),
        ({"rows": [ROW], "on_error": "skip"}, {}, 422, "wrong_option"),
        ({"rows": [ROW], "request_id": 3}, {}, 422, "wrong_option"),
        ({"columns": ["a", "a"], "data": []}, {}, 422, "wrong_form"),
        ({"columns": ["a"], "data": [[1, 2]]}, {}, 422, "wrong_form"),
        ({"rows": [{"make": "bmw"}]}, {}, 422, "wrong_row"),
        ({"rows": [ROW, {"a": "x"}]}, {}, 422, "wrong_row"),
        ({"rows": [ROW] * 6}, {}, 413, "too_many_rows"),
        (b" " * 2000, {}, 413, "too_large"),
        (ROW, {"content_length": "999999"}, 413, "too_large"),
        (ROW, {"content_type": "application/xml"}, 415, "unsupported_type"),
        (ROW, {"content_encoding": "gzip"}, 415, "unsupported_type"),
        (b"a\n", {"content_type": "text/csv"}, 200, ""),
        (b"", {"content_type": "text/csv"}, 422, "wrong_form"),
        (b'"', {"content_type": "text/csv"}, 400, "not_csv"),
    ],
)
async def test_what_cannot_be_scored_is_refused_with_its_place(body: Any, headers: dict[str, str], status: int, code: str):
    limits = with_limits(rows=5, body_bytes=50_000 if code == "not_json" else 1000)
    answer = await ask(app_of(served({1: 100}, limits=limits)), "POST", SCORE, body, **headers)
    assert answer.status == status, answer.body
    if code:
        assert answer.json["error"]["code"] == code and answer.json["error"]["words"]


async def test_a_wrong_row_is_named_and_need_not_fail_the_others():
    app = app_of(served({1: 100}))
    refused = (await ask(app, "POST", SCORE, {"rows": [ROW, {"a": "x"}]})).json["error"]
    assert (refused["field"], refused["column"]) == ("rows[1].a", "a") and "Row 1" in refused["words"]
    answer = (await ask(app, "POST", SCORE, {"rows": [ROW, {"a": "x"}], "on_error": "null"})).json
    assert answer["rows"] == [{"sum": 2.5, "label": "x"}, None] and answer["errors"] == [{"row": 1, "words": "Row 1: no."}]


async def test_unknown_columns_are_ignored_with_a_warning():
    answer = (await ask(app_of(served({1: 100})), "POST", SCORE, {"rows": [{**ROW, "zz": 1}]})).json
    assert answer["rows"][0]["sum"] == 2.5 and "“zz”" in answer["warnings"][0]


async def test_a_full_queue_is_refused_and_a_slow_row_too():
    scorer, gate = Adder(1, mode="tables"), threading.Event()
    scorer.before = lambda: gate.wait(10)
    app = app_of(served({1: 100}, scorers={1: scorer}, limits=with_limits(queue=1, seconds=0.05)))
    slow = asyncio.create_task(ask(app, "POST", SCORE, ROW))
    while not app.scoring.waiting["e1"]:
        await asyncio.sleep(0)
    full = await ask(app, "POST", SCORE, ROW)
    assert (full.status, full.json["error"]["code"], full.headers["retry-after"]) == (429, "queue_full", "1")
    assert ((await slow).status, (await slow).json["error"]["code"]) == (408, "too_slow")
    gate.set()


async def test_a_body_that_does_not_arrive_is_refused():
    app = app_of(served({1: 100}, limits=with_limits(seconds=0.01)))
    said: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        said.append(message)

    headers = [(b"authorization", f"Bearer {KEY}".encode())]
    await app({"type": "http", "method": "POST", "path": SCORE, "headers": headers}, never, send)
    assert said[0]["status"] == 408


async def test_an_unexpected_error_is_a_500_with_an_id_in_the_log_and_without_values(caplog: pytest.LogCaptureFixture):
    scorer = Adder(1)
    scorer.before = lambda: 1 / 0
    answer = await ask(app_of(served({1: 100}, scorers={1: scorer})), "POST", SCORE, {"a": 123456789})
    assert answer.status == 500 and "123456789" not in caplog.text and KEY not in caplog.text
    assert answer.json["error"]["words"].split()[-1].rstrip(".") in caplog.text


async def test_a_version_in_the_address_passes_the_split_by():
    app = app_of(served({1: 100}))
    assert (await ask(app, "POST", "/serve/w1/cars/versions/2/score", ROW)).json["model"] == {"version": 2}


async def test_the_split_follows_the_shares_and_the_same_id_stays_on_its_version():
    app = app_of(served({1: 70, 2: 30}))
    ids = [f"request-{place}" for place in range(600)]
    chosen = [(await ask(app, "POST", SCORE, {"rows": [ROW], "request_id": id})).json["model"]["version"] for id in ids]
    assert 0.24 < chosen.count(2) / len(ids) < 0.36
    again = [(await ask(app, "POST", SCORE, ROW, x_request_id=id)).json["model"]["version"] for id in ids[:50]]
    assert again == chosen[:50]
    app.routing = routing(served({1: 50, 2: 50}))
    later = [(await ask(app, "POST", SCORE, ROW, x_request_id=id)).json["model"]["version"] for id in ids[:100]]
    assert all(now == 2 for before, now in zip(chosen, later, strict=False) if before == 2)  # nobody moves back when the canary grows


async def test_a_column_keeps_a_customer_on_one_version():
    app = app_of(served({1: 50, 2: 50}, sticky="make"))
    chosen = {
        make: {(await ask(app, "POST", SCORE, {**ROW, "make": make})).json["model"]["version"] for _ in range(5)} for make in "abcdefgh"
    }
    assert all(len(versions) == 1 for versions in chosen.values()) and len(set.union(*chosen.values())) == 2


async def test_a_request_ends_on_the_version_it_started_with():
    first, gate = Adder(1, mode="tables"), threading.Event()
    first.before = lambda: gate.wait(10)
    app = app_of(served({1: 100}, scorers={1: first}))
    going = asyncio.create_task(ask(app, "POST", SCORE, ROW))
    while not app.scoring.waiting["e1"]:
        await asyncio.sleep(0)
    app.routing = routing(served({2: 100}))
    assert (await ask(app, "POST", SCORE, ROW)).json["model"] == {"version": 2}
    gate.set()
    assert (await going).json["model"] == {"version": 1}


async def test_without_a_version_that_serves_it_says_so():
    answer = await ask(app_of(served({})), "POST", SCORE, ROW)
    assert (answer.status, answer.json["error"]["code"]) == (503, "not_serving")


async def test_health_and_figures():
    app = app_of(served({1: 100}))
    await ask(app, "POST", SCORE, ROW)
    await ask(app, "POST", SCORE, b"{")
    assert (await ask(app, "GET", "/health/ready", key=None)).status == 200
    assert (await ask(app, "GET", "/metrics", key=None)).status == 404
    text = (await ask(app, "GET", "/metrics", key="operator")).body.decode()
    assert 'easel_endpoint_requests_total{code="200",endpoint="cars",version="1",workspace="w1"} 1.0' in text
    assert 'easel_endpoint_requests_total{code="400",endpoint="cars",version="0",workspace="w1"} 1.0' in text
    app.stopping = True
    assert (await ask(app, "GET", "/health/ready", key=None)).status == 503
    empty = ServingApp(lambda _: False, lambda _: None)
    assert (await ask(empty, "GET", "/health/ready", key=None)).status == 503
    assert (await ask(empty, "POST", SCORE, ROW)).json["error"]["code"] == "starting"


async def test_the_wrong_method_is_said_and_the_schema_has_the_example():
    app = app_of(served({1: 100}))
    wrong = await ask(app, "GET", SCORE)
    assert (wrong.status, wrong.headers["allow"]) == (405, "POST")
    schema = (await ask(app, "GET", "/serve/w1/cars/schema")).json
    post = schema["paths"][SCORE]["post"]
    assert post["requestBody"]["content"]["application/json"]["example"] == {"rows": [{"a": 1.5, "make": "bmw"}]}
    assert schema["components"]["schemas"]["Row"]["required"] == ["a"]
