"""The frame around the canvas: the bar, the palette, the drawer, the commands, and the page of a phone."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person
from tests.support.chromium import SHIFTS

PASS = "trial.pass_on"
LARGEST_SHIFT = 0.02
# The controls of the page that a finger can hardly hit.
SMALL = """
() => [...document.querySelectorAll('button, input, [role=tab]')]
  .filter((it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !it.closest('.react-flow, [class*=skip]'))
  .map((it) => [it.getAttribute('aria-label') ?? it.textContent, it.closest('label')?.getBoundingClientRect() ?? it.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 43.5)).map(([name, box]) => `${name}: ${box.width} × ${box.height}`)
"""


def finder(page: Page):
    """The commands, open."""
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search cards, modules, actions and pipelines")
    expect(box).to_be_focused()
    return box


def option(page: Page, group: str, name: str):
    return page.get_by_role("dialog", name="Commands").get_by_role("group", name=group).get_by_role("option", name=name)


def test_the_commands_find_cards_modules_actions_and_pipelines(canvas, page: Page, person: Person) -> None:
    other = person.pipeline({**chain(), "name": "Split of the orders"})
    at: Canvas = canvas(chain(("half", "transform.split_data", {})))
    finder(page).fill("split")
    expect(option(page, "On this canvas", "Split Data")).to_have_attribute("aria-selected", "true")
    expect(option(page, "Add a module", "Split Data")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__node[data-id='half']")).to_be_focused()

    finder(page).fill("tidy")
    expect(option(page, "Actions", "Tidy up")).to_be_visible()
    page.keyboard.press("Escape")
    finder(page).fill("no such thing")
    expect(page.get_by_text("Nothing matches “no such thing”")).to_be_visible()
    page.get_by_role("combobox", name="Search cards, modules, actions and pipelines").fill("of the orders")
    option(page, "Pipelines", "Split of the orders").click()
    expect(page).to_have_url(re.compile(f"/pipelines/{other}$"))
    expect(page.get_by_label("Name of the pipeline")).to_have_value("Split of the orders")
    at.expect_cards(1)


def test_slash_searches_the_palette_and_arrows_move_in_it(canvas, page: Page) -> None:
    at: Canvas = canvas(chain())
    search = page.get_by_role("searchbox", name="Search modules")
    page.get_by_role("button", name="Hide modules").click()
    expect(search).to_have_count(0)
    page.keyboard.press("/")
    expect(search).to_be_focused()
    search.press_sequentially("split data")
    search.press("ArrowDown")
    row = page.get_by_role("button", name="Split Data", exact=True)
    expect(row).to_be_focused()
    expect(page.get_by_role("tooltip").filter(has_text="Inputs")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(search).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    at.expect_cards(2)
    expect(page.locator(".react-flow__node[data-id='split_data']")).to_be_focused()


def test_a_starred_module_is_on_top_and_stays_there(canvas, page: Page) -> None:
    at: Canvas = canvas(chain())
    page.get_by_role("searchbox", name="Search modules").fill("join")
    page.get_by_role("button", name="Join Data", exact=True).focus()
    page.keyboard.press("s")
    page.reload()
    at.expect_saved()
    group = page.locator("section").filter(has=page.get_by_role("button", name=re.compile("^Favourites"))).last
    starred = group.get_by_role("button", name="Join Data", exact=True)
    expect(starred).to_be_visible()
    starred.hover()
    group.get_by_role("button", name="Remove from favourites").click()
    expect(page.get_by_role("button", name=re.compile("^Favourites"))).to_have_count(0)


def test_a_sample_opens_as_a_copy_from_the_palette(canvas, page: Page, person: Person) -> None:
    at: Canvas = canvas(chain())
    page.get_by_role("tab", name="Samples").click()
    page.get_by_role("button", name=re.compile(r"^Automobile price \d+ modules")).click()
    expect(page.get_by_label("Name of the pipeline")).to_have_value(re.compile("^Automobile price"))
    assert at.pipeline not in page.url
    person.call("DELETE", f"/api/pipelines/{page.url.rsplit('/', 1)[1]}/")


def test_the_bar_counts_the_steps_of_a_run(canvas, page: Page) -> None:
    at: Canvas = canvas(chain(("wait", "trial.wait", {"seconds": 20}), ("after", PASS, {})))
    at.run()
    bar = page.get_by_role("region", name="Pipeline", exact=True)
    expect(bar.get_by_text(re.compile(r"^1 of 3"))).to_be_visible(timeout=30_000)
    line = bar.get_by_role("progressbar", name="Progress of the run")
    expect(line).to_have_attribute("aria-valuenow", re.compile("^(3[4-9]|4.|5.)$"))
    bar.get_by_role("button", name="Cancel").click()
    expect(line).to_have_count(0)
    expect(bar.get_by_test_id("run")).to_be_visible()
    expect(at.drawer.get_by_text(re.compile("^Cancelled ?Last run just now"))).to_be_visible()


def test_a_pipeline_is_renamed_duplicated_and_deleted_from_its_bar(canvas, page: Page, person: Person) -> None:
    at: Canvas = canvas({**chain(), "name": "Bar trial"})
    menu = page.get_by_role("button", name="Pipeline actions")
    name = page.get_by_label("Name of the pipeline")
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    expect(name).to_be_focused()
    page.keyboard.type("Bar trial renamed")
    page.keyboard.press("Enter")
    at.expect_saved()
    menu.click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as JSON").click()
    assert json.loads(download.value.path().read_text())["name"] == "Bar trial renamed"
    menu.click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page).not_to_have_url(re.compile(at.pipeline))
    expect(name).to_have_value(re.compile("^Bar trial renamed"))
    copy = page.url.rsplit("/", 1)[1]
    menu.click()
    page.get_by_role("menuitem", name="Delete…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete pipeline").click()
    expect(page).to_have_url(f"{person.base}/")
    assert copy not in {each["id"] for each in person.call("GET", "/api/pipelines/")}


def test_results_fill_the_page_and_return(canvas, page: Page) -> None:
    at: Canvas = canvas(chain())
    page.keyboard.press("\\")
    grip = at.drawer.get_by_role("separator", name="Height of the drawer")
    expect(grip).to_be_visible()
    page.keyboard.press("Shift+Enter")
    expect(grip).to_have_count(0)
    box = at.drawer.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 1440, 900)
    for _ in range(20):  # round the bar and the drawer: what lies behind is passed over
        page.keyboard.press("Tab")
        expect(page.locator(".react-flow :focus, aside :focus")).to_have_count(0)
    at.drawer.get_by_role("button", name="Full screen").click()
    expect(grip).to_be_visible()


def test_a_phone_has_the_panels_in_a_sheet(open_window, person: Person) -> None:
    page = open_window(width=390, height=844, has_touch=True, is_mobile=True).new_page()
    at = Canvas(page, person).open(person.pipeline(chain(("one", PASS, {}))))
    sheet = page.get_by_role("region", name="Outline, settings, results and modules")
    step = sheet.get_by_role("button", name=re.compile("^Pass On"))
    step.tap()
    expect(step).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(SMALL) == []
    sheet.get_by_text("Settings", exact=True).tap()
    expect(at.setting("Mark")).to_be_visible()
    sheet.get_by_text("Add", exact=True).tap()
    sheet.get_by_role("searchbox", name="Search modules").fill("split data")
    sheet.get_by_role("button", name="Split Data", exact=True).tap()
    sheet.get_by_text("Outline", exact=True).tap()
    expect(sheet.get_by_role("listitem")).to_have_count(3)
    page.get_by_test_id("run").tap()
    expect(step).to_contain_text("Done", timeout=30_000)
    sheet.get_by_text("Results", exact=True).tap()
    expect(sheet.get_by_role("tab", name="Problems")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_label("Name of the pipeline")).to_be_visible()
    page.get_by_role("button", name="More actions").tap()
    page.get_by_role("menuitem", name="All commands").tap()
    expect(page.get_by_role("combobox", name="Search cards, modules, actions and pipelines")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_opening_a_pipeline_moves_nothing(open_window, person: Person, width: int, height: int) -> None:
    page = open_window(width=width, height=height).new_page()
    page.add_init_script(SHIFTS)
    at = Canvas(page, person).open(person.pipeline(chain(("one", PASS, {}))))
    at.expect_cards(2)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.shifted") < LARGEST_SHIFT
    fetched = Counter(page.evaluate("() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname)"))
    early = page.evaluate("() => [...document.querySelectorAll('link[rel=preload][as=fetch]')].map((one) => one.getAttribute('href'))")
    assert "/api/modules/" in early and {path: fetched[path] for path in early} == dict.fromkeys(early, 1), "what is fetched early is used"
