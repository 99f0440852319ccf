"""From a run to an endpoint: derive the scoring pipeline, prove it, publish it, call it by curl with the key, publish a canary, roll back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

from playwright.sync_api import Page, expect

from tests.bench import parity, parity_asking
from tests.support.app_server import Person
from tests.support.installation import wait_until

PATIENCE = 90_000  # a worker that derives its first scoring pipeline loads the libraries of its models


def test_derive_prove_publish_call_canary_and_roll_back(person: Person, page: Page) -> None:
    run = finished(person, "automobile_price")
    page.goto(f"{person.base}/pipelines/{run['pipeline']['id']}")
    page.get_by_role("link", name="Scoring pipeline").click()

    # What becomes of each step, drawn and as a table; the reason shows when it is pointed at.
    expect(page.get_by_role("heading", name="Scoring pipeline of Automobile price")).to_be_visible()
    expect(page.get_by_role("group", name="Scoring pipeline")).to_be_visible(timeout=PATIENCE)
    drawn = page.get_by_role("group", name="Training pipeline").get_by_role("button", name="Split 70 / 30 Passed through")
    drawn.hover()
    expect(page.get_by_role("tooltip")).to_contain_text("every row of a request passes")
    fates = {
        "cars": "Replaced",
        "split": "Passed through",
        "train": "Replaced",
        "score": "Kept",
        "learner": "Left out",
        "evaluate": "Left out",
    }
    for step, fate in fates.items():
        expect(page.locator(f"[data-step={step}]")).to_contain_text(fate)
    expect(page.locator("[data-step=evaluate]")).to_contain_text("a request has none to judge")
    expect(
        page.get_by_role("group", name="Scoring pipeline").get_by_role("button", name="Train on price Pinned from the run")
    ).to_be_visible()
    prove(page)
    publish(page, "cars")

    # The first version is proven, and takes all requests.
    first = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Version 1"))
    expect(first.first).to_contain_text("Serving", timeout=PATIENCE)
    expect(first.first).to_contain_text("to the last bit")
    expect(page.get_by_text("v1: 100\u00a0%").first).to_be_visible()

    wait_until(lambda: served(person, "cars"), 60)

    # A form made from the columns, with a real row; the answer is that of Score Model.
    page.get_by_role("tab", name="Test").click()
    expect(page.get_by_label("make", exact=True)).not_to_have_value("")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-answer]")).to_contain_text('"version": 1')
    page.get_by_label("horsepower").fill("many")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-answer]")).to_contain_text("horsepower")
    expect(page.get_by_text("Status 422")).to_be_visible()

    # A key, shown once, and the program for curl with it.
    page.get_by_role("tab", name="Keys").click()
    page.get_by_label("Client").fill("Shop")
    page.get_by_role("button", name="Create key").dblclick()  # makes one
    key = page.get_by_label("Key for Shop").input_value()
    expect(page.get_by_text("after two seconds at most")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("tab", name="Use").click()
    program = page.locator("[data-program]").inner_text().replace("YOUR_KEY", key)
    assert curl(program)["model"] == {"version": 1}
    given, scored = row_of(person, run)
    assert curl(with_row(program, given))["rows"] == [scored]  # to the last bit, what Score Model gave
    page.get_by_text("Python", exact=True).click()
    program = page.locator("[data-program]").inner_text().replace("YOUR_KEY", key)
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "'model': {'version': 1}" in ran.stdout

    # What arrived stands beside the reference of the training run.
    page.get_by_role("tab", name="Monitoring").click()
    expect(page.get_by_text("held out; scores with those of")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Waiting: the window has \d of at least 200 rows\."))).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("img", name="Distribution of horsepower in the reference and now")).to_be_visible()
    watched = person.call("GET", f"/api/endpoints/{page.url.split('/endpoints/')[1].split('?')[0]}/monitor/drift/")["columns"]
    shares = {column["name"]: column["importance"] for column in watched if column["role"] == "input"}
    assert abs(sum(shares.values()) - 1) < 1e-9 and max(shares, key=shares.__getitem__) != "symboling"

    # From a figure of the endpoint to the dataset, by clicks.
    page.get_by_role("link", name="Lineage of horsepower").click()
    expect(page.get_by_role("heading", name="Lineage of cars: horsepower")).to_be_visible()
    page.get_by_role("group", name="Lineage graph").get_by_role("button", name="Automobile").last.click()
    expect(page.get_by_role("heading", name="Lineage of Automobile")).to_be_visible()
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page).to_have_url(re.compile(r"/datasets/"))
    for _ in range(3):
        page.go_back()

    # A canary takes a tenth, and rolling back is one click.
    page.get_by_role("button", name="Publish a version").click()
    page.get_by_role("dialog").get_by_label("Share of the requests").fill("10")
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).dblclick()  # publishes one
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("v1: 90\u00a0%, v2: 10\u00a0%").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Roll back to version 1").dblclick()
    expect(page.get_by_role("cell", name="Rolled back")).to_be_visible()
    expect(page.get_by_role("button", name="Roll back to version 1")).not_to_be_visible()


def test_two_classes_from_the_page_of_the_run(person: Person, page: Page) -> None:
    run = finished(person, "income")
    page.goto(f"{person.base}/runs/{run['id']}")
    page.get_by_role("link", name="Scoring pipeline").click()
    expect(page.locator("[data-step=original]")).to_contain_text("Passed through", timeout=PATIENCE)
    expect(page.locator("[data-step=select]")).to_contain_text("Kept")
    prove(page)
    publish(page, "income")
    expect(page.get_by_text("v1: 100\u00a0%").first).to_be_visible(timeout=PATIENCE)
    endpoint = page.url.split("/endpoints/")[1].split("?")[0]
    key = person.call("POST", f"/api/endpoints/{endpoint}/keys/", {"name": "curl"})["key"]
    wait_until(lambda: served(person, "income"), 60)
    given, scored = row_of(person, run)
    page.get_by_role("tab", name="Use").click()
    program = page.locator("[data-program]").inner_text().replace("YOUR_KEY", key)
    assert curl(with_row(program, given))["rows"] == [scored]

    # A limit is changed by form, and holds.
    page.get_by_role("tab", name="Settings").click()
    page.get_by_label("Rows in one request").fill("1")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    two = {"body": {"rows": [given, given]}}
    wait_until(lambda: person.call("POST", f"/api/endpoints/{endpoint}/test/", two)["status"] == 413, 30)


def test_every_held_out_row_is_answered_to_the_last_bit_also_after_the_server_is_killed(person: Person) -> None:
    """Two compiled models and one on tables; `python -m tests.bench.parity` has all samples, and a restart of the whole product."""
    served = parity.publish(person, "automobile_price_advanced")
    parity.add_rows(person.home, served)
    parity_asking.wait_for(served)
    parity_asking.ask(served, "published")
    parity_asking.kill_server(person, served)
    parity_asking.ask(served, "killed")
    assert {one.mode for one in served} == {"compiled", "tables"}
    equal = dict.fromkeys(parity_asking.WAYS, "0")
    assert {one.scored: (len(one.asked["rows"]), one.found) for one in served} == {
        one.scored: (58, {"published": equal, "killed": equal}) for one in served
    }


def test_what_cannot_be_served_is_named_with_the_remedy(person: Person, page: Page) -> None:
    graph = person.call("GET", f"/api/pipelines/{person.call('POST', '/api/samples/automobile_price/open/', {})['id']}/graph/")
    graph["nodes"]["look"] = {"module": "script.python", "params": {}, "position": [0, 0]}
    graph["edges"] = [edge for edge in graph["edges"] if edge[1] != "clean.table"] + [
        ["select.table", "look.first"],
        ["look.first", "clean.table"],
    ]
    pipeline = person.pipeline(graph)
    assert person.run(pipeline)[1] == "done"
    page.goto(f"{person.base}/runs/{newest(person, pipeline)['id']}/scoring")
    expect(page.get_by_role("alert")).to_contain_text("runs code, which may look at several rows together", timeout=PATIENCE)
    expect(page.get_by_role("button", name="Execute Python Script Refused")).to_be_visible()


def finished(person: Person, sample: str) -> Any:
    """The finished run of a sample."""
    pipeline = person.call("POST", f"/api/samples/{sample}/open/", {})["id"]
    assert person.run(pipeline)[1] == "done"
    return newest(person, pipeline)


def newest(person: Person, pipeline: str) -> Any:
    """The newest run of a pipeline."""
    return person.call("GET", f"/api/runs/?pipeline={pipeline}")[0]


def prove(page: Page) -> None:
    """Ask for the proof, and wait for its report."""
    page.get_by_role("button", name="Prove", exact=True).click()
    expect(page.get_by_text("Equal to what the run gave, to the last bit, on")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("row", name="Held-out rows, all in one request, against the run")).to_contain_text("Equal")
    expect(page.get_by_role("heading", name="By column of the answer")).to_be_visible()
    expect(page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Scored Labels")).first).to_be_visible()


def publish(page: Page, name: str) -> None:
    """Publish the scoring pipeline that is shown as an endpoint."""
    page.get_by_role("link", name="Publish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name.title())
    expect(dialog.get_by_text("lowercase letters").first).to_be_visible()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def row_of(person: Person, run: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first held-out row, as the columns of a request, and what Score Model gave for it."""
    signature = person.call("GET", f"/api/runs/{run['id']}/scoring/")["signature"]
    found = person.call("GET", f"/api/runs/{run['id']}/outputs/score/table/rows/?limit=1")
    row = dict(zip((column["name"] for column in found["columns"]), found["rows"][0], strict=True))
    given, scored = ({column["name"]: row[column["name"]] for column in signature[side]} for side in ("inputs", "outputs"))
    return given, scored


def with_row(program: str, row: dict[str, Any]) -> str:
    """The program of the page with another row; no value of the samples has a quotation mark."""
    return re.sub(r"-d '.*'", lambda _: f"-d '{json.dumps({'rows': [row]})}'", program)


def served(person: Person, name: str) -> bool:
    """Whether a serving process has loaded the first version."""
    endpoint = next(each["id"] for each in person.call("GET", "/api/endpoints/") if each["name"] == name)
    return person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": {}})["status"] in (200, 422)


def curl(program: str) -> Any:
    """Execute the program of the page; a key of a second ago is known to every process."""
    done = subprocess.run(
        ["bash", "-c", program + " --silent --retry 5 --retry-all-errors --retry-delay 1 --fail"], capture_output=True, check=True
    )
    return json.loads(done.stdout)
