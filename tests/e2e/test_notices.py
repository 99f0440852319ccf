"""Notices: a run that cannot start is counted on every page, listed, followed with the keyboard, and read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

UNSOUND = {"format": 1, "name": "Unsound", "nodes": {"a": {"module": "transform.split_data", "params": {}}}, "edges": []}
LATER = (datetime.now(UTC) + timedelta(days=300)).strftime("%Y-%m-%dT00:00:00")
DATES = {"rule": {"kind": "dates", "dates": [LATER]}, "zone": "UTC"}


def test_a_notice_is_counted_listed_followed_and_read(page: Page, person) -> None:
    person.call("POST", "/api/notices/read/", {})
    pipeline = person.pipeline(UNSOUND)
    made = person.call("POST", "/api/schedules/", {"name": "Once", "pipeline": pipeline, "graph": "draft", "times": DATES})
    page.goto(f"{person.base}/datasets")
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    for _ in range(2):
        person.call("POST", f"/api/schedules/{made['id']}/run/", {})
    button = page.get_by_role("button", name="2 unread notices")
    expect(button).to_be_visible(timeout=30_000)
    button.focus()
    page.keyboard.press("Enter")
    rows = page.get_by_role("listitem").filter(has_text="The run of “Once” could not start")
    expect(rows).to_have_count(2)
    rows.first.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("button", name="1 unread notice", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="1 unread notice", exact=True)).to_be_focused()

    page.goto(f"{person.base}/pipelines/{pipeline}")
    page.get_by_role("button", name="1 unread notice", exact=True).click()
    rows.filter(has_text="Unread").get_by_role("link").click()
    expect(page).to_have_url(f"{person.base}/schedules")
    expect(page.get_by_role("button", name="Notices", exact=True)).to_be_visible()
    assert person.call("GET", "/api/notices/unread/") == {"count": 0}
    person.call("DELETE", f"/api/schedules/{made['id']}/")
