"""Endpoints: publish the automobile sample, call it by curl with the key, publish a canary, roll back."""

from __future__ import annotations

import json
import re
import subprocess

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.support.app_server import Person
from tests.support.installation import wait_until


def test_publish_call_canary_and_roll_back(person: Person, page: Page) -> None:
    pipeline = person.call("POST", "/api/samples/automobile_price/open/", {})["id"]
    assert person.run(pipeline)[1] == "done"
    page.goto(person.base + "/endpoints")
    expect(page.get_by_text("No endpoints yet")).to_be_visible()
    page.get_by_role("button", name="Publish an endpoint").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Cars")
    expect(dialog.get_by_text("lowercase letters").first).to_be_visible()
    dialog.get_by_label("Name").fill("cars")
    dialog.get_by_role("button", name="Publish", exact=True).click()

    # The first version is proven, and takes all requests.
    first = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Version 1"))
    expect(first.first).to_contain_text("Serving", timeout=RUN_PATIENCE)
    expect(first.first).to_contain_text("to the last bit")
    expect(page.get_by_text("v1: 100\u00a0%").first).to_be_visible()

    wait_until(lambda: served(person), 60)

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
    page.get_by_role("button", name="Create key").click()
    key = page.get_by_label("Key for Shop").input_value()
    page.get_by_role("tab", name="Use").click()
    program = page.locator("[data-program]").inner_text().replace("YOUR_KEY", key)
    answer = curl(program)
    assert answer["model"] == {"version": 1} and isinstance(answer["rows"][0]["Scored Labels"], float)

    # What arrived stands beside the reference of the training run.
    page.get_by_role("tab", name="Monitoring").click()
    expect(page.get_by_text("held out; scores with those of")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Waiting: the window has \d of at least 200 rows\."))).to_be_visible(timeout=RUN_PATIENCE)
    expect(page.get_by_role("img", name="Distribution of horsepower in the reference and now")).to_be_visible()

    # A canary takes a tenth, and rolling back is one click.
    page.get_by_role("button", name="Publish a version").click()
    page.get_by_role("dialog").get_by_label("Share of the requests").fill("10")
    page.get_by_role("dialog").get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("tab", name="Versions").click()
    expect(page.get_by_text("v1: 90\u00a0%, v2: 10\u00a0%").first).to_be_visible(timeout=RUN_PATIENCE)
    page.get_by_role("button", name="Roll back to version 1").click()
    expect(page.get_by_role("cell", name="Rolled back")).to_be_visible()
    expect(page.get_by_role("button", name="Roll back to version 1")).not_to_be_visible()


def served(person: Person) -> bool:
    """Whether a serving process has loaded the first version."""
    endpoint = person.call("GET", "/api/endpoints/")[0]["id"]
    return person.call("POST", f"/api/endpoints/{endpoint}/test/", {"body": {}})["status"] in (200, 422)


def curl(program: str) -> dict[str, object]:
    """Execute the program of the page; a key of a second ago is known to every process."""
    done = subprocess.run(
        ["bash", "-c", program + " --silent --retry 5 --retry-all-errors --retry-delay 1 --fail"], capture_output=True, check=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found
