"""Schedules: one of every minute is made in its form, fires, is paused, resumed and run now; a trigger shows its secret once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain

FIRES_WITHIN = 90_000


def test_a_schedule_is_made_and_fires(page: Page, person) -> None:
    pipeline = person.pipeline({**chain(), "name": "Scheduled", "parameters": {"day": {"type": "date", "default": "2020-01-01"}}})
    page.goto(f"{person.base}/schedules")
    expect(page.get_by_text("No schedules yet")).to_be_visible()
    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog", name="New schedule")
    dialog.get_by_label("Name").fill("Each minute")
    dialog.get_by_label("Pipeline").select_option(pipeline)
    dialog.get_by_role("button", name="Take day from the run").click()
    page.get_by_role("menuitem", name="Planned time of the run").click()
    expect(dialog.get_by_role("textbox", name="day", exact=True)).to_have_value("Planned time of the run")
    dialog.get_by_label("When").select_option("cron")
    dialog.get_by_label("Cron line").fill("0 0 31 2 *")
    expect(dialog.get_by_role("status")).to_contain_text("never comes")
    dialog.get_by_label("Cron line").fill("0 9 13 * 5")
    expect(dialog.get_by_role("status")).to_contain_text("Both the day of the month and the day of the week must match.")
    dialog.get_by_label("When").select_option("every")
    dialog.get_by_label("Unit").select_option("minutes")
    expect(dialog.get_by_role("status")).to_contain_text("Every minute, in the time zone")
    expect(dialog.get_by_role("status").get_by_role("listitem")).to_have_count(10)
    dialog.get_by_role("button", name="Create").click()
    saved = page.get_by_role("dialog", name="“Each minute” is saved")
    expect(saved).to_contain_text("its current state was saved as one")
    saved.get_by_role("button", name="Done").click()
    # An interval may have its anchor a few seconds from now: the test waits for that, and not for a whole minute.
    (made,) = person.call("GET", "/api/schedules/")
    anchor = (datetime.now(UTC) + timedelta(seconds=3)).isoformat()
    person.call(
        "PATCH", f"/api/schedules/{made['id']}/", {"times": {"rule": {"kind": "every", "minutes": 1, "anchor": anchor}, "zone": "UTC"}}
    )
    row = page.get_by_role("row", name="Each minute")
    expect(row.get_by_role("link", name="Done")).to_be_visible(timeout=FIRES_WITHIN)
    (tick, *_) = person.call("GET", f"/api/schedules/{made['id']}/ticks/")["ticks"]
    assert (tick["outcome"], tick["origin"], tick["late"]) == ("started", "times", False)
    assert person.call("GET", f"/api/runs/{tick['run']}/")["parameters"]["day"] == {"value": tick["planned"][:10], "source": "schedule"}

    row.get_by_role("button", name="Actions for Each minute").click()
    page.get_by_role("menuitem", name="Pause").click()
    page.get_by_label("Why").fill("holidays")
    page.get_by_role("dialog").get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("holidays")
    row.get_by_role("button", name="Actions for Each minute").click()
    page.get_by_role("menuitem", name="Run now").click()
    row.get_by_role("button", name="History of Each minute").click()
    history = page.get_by_role("dialog", name="History of Each minute")
    expect(history.get_by_role("row", name="Run now").get_by_role("link", name="Done")).to_be_visible(timeout=FIRES_WITHIN)
    history.get_by_role("button", name="Close").last.click()
    row.get_by_role("button", name="Actions for Each minute").click()
    page.get_by_role("menuitem", name="Resume").click()
    page.get_by_role("dialog").get_by_role("button", name="Resume").click()
    expect(row).not_to_contain_text("holidays")
    page.goto(f"{person.base}/pipelines/{pipeline}")
    page.get_by_role("button", name="In use", exact=True).click()
    use = page.get_by_role("listitem").filter(has_text="Each minute")
    expect(use).to_contain_text("As it is drawn here")
    person.set(pipeline, "source", text="x\n1\n2")
    expect(page.get_by_role("button", name="In use, 1 changed")).to_be_visible()
    expect(use).to_contain_text("1 step changed since")
    use.get_by_role("link", name="Each minute").click()
    row.get_by_role("button", name="Actions for Each minute").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No schedules yet")).to_be_visible()


def test_a_trigger_shows_its_secret_once(page: Page, person) -> None:
    person.pipeline({**chain(), "name": "Triggered"})
    page.goto(f"{person.base}/schedules")
    page.get_by_role("button", name="New trigger").click()
    dialog = page.get_by_role("dialog", name="New trigger")
    dialog.get_by_label("Name").fill("From outside")
    dialog.get_by_label("A signed webhook").check()
    dialog.get_by_role("button", name="Create").click()
    saved = page.get_by_role("dialog", name="“From outside” is saved")
    expect(saved.get_by_label("Secret")).to_have_value(re.compile("^whsec_"))
    saved.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row", name="From outside")).to_contain_text("0 unread")
    (made,) = person.call("GET", "/api/triggers/")
    assert made["secrets"] == {}
    person.call("DELETE", f"/api/triggers/{made['id']}/")
