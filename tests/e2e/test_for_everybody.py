"""Without a mouse, and for those who see or hear the page another way."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import ROOT, Person

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
LOOK = """
async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
  .filter(({ impact }) => impact === 'serious' || impact === 'critical')
  .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`)
"""


def test_a_pipeline_is_drawn_and_run_by_keyboard_alone(canvas, page: Page) -> None:
    at = canvas(chain())
    keys = page.keyboard
    keys.press("a")
    expect(page.get_by_role("combobox", name="Add a module")).to_be_focused()
    keys.type("pass on")
    keys.press("Enter")
    at.expect_cards(2)

    keys.press("o")
    outline = page.get_by_role("dialog", name="Outline")
    entry = outline.get_by_role("button", name="Enter Data Manually")
    tab_to(page, entry)
    keys.press("Enter")
    tab_to(page, outline.get_by_role("combobox", name="to", exact=True))
    fitting = page.get_by_role("listbox", name="to", exact=True)
    keys.press("ArrowDown")
    expect(fitting.get_by_role("option", name="Pass On, Table")).to_be_visible()
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # the list looks for its chosen option in a timer of its own
    keys.press("ArrowDown")
    expect(fitting.locator("[data-combobox-selected]")).to_have_count(1)
    keys.press("Enter")
    expect(outline.get_by_role("button", name="Disconnect")).to_be_visible()
    keys.press("Escape")
    expect(outline).to_have_count(0)
    expect(page.locator(".react-flow__edge")).to_have_count(1)

    keys.press("Control+Enter")
    expect(page.locator("[data-testid^='node-'][data-state='done']")).to_have_count(2, timeout=30_000)
    keys.press("Control+z")
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    keys.press("Control+z")
    at.expect_cards(1)


def tab_to(page: Page, wanted) -> None:
    for _ in range(40):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {wanted}")


@pytest.fixture(scope="module")
def drawn(person: Person) -> str:
    """A pipeline that has run."""
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    assert person.run(pipeline, force=True)[1] == "done"
    person.call("POST", f"/api/pipelines/{pipeline}/versions/", {"name": "first"})
    return pipeline


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_window, person: Person, drawn: str, scheme: str) -> None:
    page = open_window(scheme=scheme, bypass_csp=True).new_page()
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.add_script_tag(path=AXE)
        if faults := page.evaluate(LOOK):
            found[name] = faults

    def visit(path: str, shows: str) -> None:
        page.goto(f"{person.base}{path}")
        expect(page.get_by_role("heading", name=shows, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
        look(path)

    visit("/", "Pipelines")
    visit("/datasets", "Datasets")
    visit("/runs", "Runs")
    visit("/team", "Team")
    for tab in ("environments", "tokens", "limits", "workspace"):
        visit(f"/team?tab={tab}", "Team")
    visit("/account", "Your account")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("dialog", name="Change password")).to_be_visible()
    look("password")
    visit("/audit", "Audit trail of My workspace")

    at = Canvas(page, person).open(drawn)
    at.expect_finished(["evaluate"])
    look("canvas")
    at.choose("score")
    at.settings.get_by_text("How it runs").click()
    expect(at.settings.get_by_text("Run again on request.")).to_be_visible()
    look("how it runs, and why")
    page.get_by_role("button", name="More run options").click()
    expect(page.get_by_role("menuitemcheckbox")).to_be_visible()
    look("run menu")
    page.keyboard.press("Escape")
    at.show("score", "table")
    expect(at.drawer.get_by_role("grid")).to_have_attribute("aria-busy", "false")
    look("rows")
    at.show("evaluate", "report")
    expect(at.drawer.get_by_role("figure").first).to_be_visible()
    look("report")
    page.keyboard.press("o")
    expect(page.get_by_role("dialog", name="Outline")).to_be_visible()
    look("outline")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Open as a copy: first")).to_be_visible()
    look("versions")
    page.goto(f"{person.base}/pipelines/{person.pipeline({**chain(), 'nodes': {}, 'edges': []})}")
    expect(page.get_by_role("group", name="Start")).to_be_visible()
    look("empty canvas")
    assert not found, "\n".join(f"{where}: {fault}" for where, faults in found.items() for fault in faults)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_the_door(open_window, person: Person, scheme: str) -> None:
    page = open_window(None, scheme=scheme, bypass_csp=True).new_page()
    page.goto(f"{person.base}/sign-in")
    page.add_script_tag(path=AXE)
    assert page.evaluate(LOOK) == []
