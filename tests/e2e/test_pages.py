"""The pages beside the canvas: nothing moves while they load, they fit a phone, and their tabs have addresses."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.graphs import chain
from tests.support.app_server import Person
from tests.support.chromium import SHIFTS


@pytest.fixture(scope="module")
def paths(person: Person) -> list[str]:
    """Every page, with something on each."""
    person.run(person.pipeline(chain(("one", "trial.pass_on", {}), name="A pipeline on every page")))
    run = person.call("GET", "/api/runs/")[0]["id"]
    dataset = person.call("GET", "/api/datasets/")[0]["id"]
    tabs = [f"/team?tab={tab}" for tab in ("members", "environments", "tokens", "limits", "audit", "workspace")]
    return [
        "/",
        "/datasets",
        f"/datasets/{dataset}",
        "/runs",
        f"/runs/{run}",
        f"/runs/{run}/scoring",
        f"/lineage?of=run:{run}",
        "/sweeps",
        "/schedules",
        "/models",
        "/endpoints",
        "/published",
        *tabs,
        "/account",
    ]


def settled(page: Page, person: Person, path: str) -> None:
    page.goto(person.base + path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[aria-busy='true']")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def test_nothing_moves_while_a_page_loads(open_window, person: Person, paths: list[str]) -> None:
    moved = {}
    for path in paths:
        page = open_window().new_page()  # a window of its own: nothing is cached
        page.add_init_script(SHIFTS)
        settled(page, person, path)
        moved[path] = page.evaluate("window.shifted ?? 0")
        page.context.close()
    assert {path: shift for path, shift in moved.items() if shift >= 0.02} == {}


def test_a_phone_shows_every_page_without_scrolling_sideways(open_window, person: Person, paths: list[str]) -> None:
    page = open_window(width=390, height=844, has_touch=True, is_mobile=True).new_page()
    for path in paths:
        settled(page, person, path)
        assert page.evaluate("document.querySelector('#content').scrollWidth - innerWidth") <= 0, path
    navigation = page.get_by_role("navigation", name="Pages")
    for link in navigation.get_by_role("link").all():
        link.scroll_into_view_if_needed()  # the line itself scrolls
        box = link.bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 391 and box["height"] >= 44
    navigation.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs", level=1)).to_be_visible()


def test_a_tab_of_the_team_is_linked_and_reloaded(page: Page, person: Person) -> None:
    page.goto(f"{person.base}/team")
    tabs = page.get_by_role("navigation", name="Team")
    expect(tabs.get_by_role("link", name="Members")).to_have_attribute("aria-current", "page")
    tabs.get_by_role("link", name="Tokens").click()
    expect(page).to_have_url(re.compile(r"/team\?tab=tokens$"))
    page.reload()
    expect(tabs.get_by_role("link", name="Tokens")).to_have_attribute("aria-current", "page")
    expect(page.get_by_label("Token name")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Members of My workspace")).to_be_visible()
    page.goto(f"{person.base}/audit")
    expect(tabs.get_by_role("link", name="Audit trail")).to_have_attribute("aria-current", "page")


def test_a_server_that_does_not_answer_is_not_a_missing_workspace(page: Page, person: Person) -> None:
    page.route("**/api/me/", lambda route: route.abort())
    page.goto(person.base)
    expect(page.get_by_role("alert")).to_contain_text("The server did not answer.")
    expect(page.get_by_text("No workspace")).to_have_count(0)
    page.unroute("**/api/me/")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Pipelines", exact=True)).to_be_visible()
