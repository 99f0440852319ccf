"""`python -m tests.e2e.pictures [FOLDER [NAME…]]`: the pictures of the documentation, taken of a fresh installation; only those functions that are named."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.canvas import AT_REST, Canvas
from tests.e2e.contact_sheet import keep
from tests.e2e.first_minutes import first_minutes
from tests.e2e.picture_sheets import moments, parts, states
from tests.e2e.story import Story
from tests.support.app_server import ROOT, easel
from tests.support.chromium import chromium, window

IMAGES = ROOT / "docs/images"
PATIENCE = 30_000  # other work uses the machine too


class Camera:
    """Windows of the owner in one colour scheme, and a folder for what they show."""

    def __init__(self, browser: Browser, story: Story, scheme: str, folder: Path) -> None:
        self.browser, self.story, self.person, self.scheme, self.folder = browser, story, story.person, scheme, folder

    def page(self, width: int = 1440, height: int = 900, **how: object) -> Page:
        context = window(self.browser, self.person, scheme=self.scheme, width=width, height=height, reduced_motion="reduce", **how)  # type: ignore[arg-type]
        return context.new_page()

    def canvas(self, pipeline: str, width: int = 1440, height: int = 900, **how: object) -> Canvas:
        at = Canvas(self.page(width, height, **how), self.person).open(pipeline)
        at.page.evaluate("() => document.fonts.ready")
        return at

    def take(self, page: Page, name: str, *, alone: bool = False) -> None:
        """Without the pointer's traces, and close the window; `alone` is a picture of one scheme."""
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(300)
        self.keep(page, name, alone=alone)
        page.context.close()

    def keep(self, page: Page, name: str, *, alone: bool = False) -> None:
        keep(page.screenshot(), self.folder / (f"{name}.png" if alone else f"{name}-{self.scheme}.png"))


def main() -> None:
    """Everything in light and dark, then what the documentation shows in one scheme."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE)
    with easel({"EASEL_MODULES": ""}) as person, chromium() as browser:
        story = Story(person)
        cameras = [Camera(browser, story, scheme, folder) for scheme in ("light", "dark")]
        for take in (panel, report, compare, empty, home, gallery, modules, connections, states, parts, moments, running, mobile):
            for camera in cameras:
                if _is_wanted(take):
                    take(camera)
        for take in (rows, tall_report, pages):
            if _is_wanted(take):
                take(cameras[0])
        for camera in cameras if _is_wanted(first_minutes) else ():  # last: its runs and files are in no other picture
            first_minutes(camera)


def _is_wanted(take: Callable[[Camera], None]) -> bool:
    return take.__name__ in sys.argv[2:] or not sys.argv[2:]


def panel(camera: Camera) -> None:
    """Nothing is selected: the pipeline's own panel."""
    at = camera.canvas(camera.story.cars)
    at.expect_finished(["evaluate"])
    at.fit()
    expect(at.page.get_by_role("region", name="Problems", exact=True)).to_be_visible()
    camera.take(at.page, "pipeline-panel")


def report(camera: Camera) -> None:
    at = camera.canvas(camera.story.income)
    at.expect_finished(["evaluate"])
    at.show("evaluate", "report")
    at.drawer.get_by_role("button", name="Full screen").click()
    expect(at.drawer.get_by_role("figure").first).to_be_visible()
    camera.take(at.page, "report")


def compare(camera: Camera) -> None:
    newest, _, third, *_, oldest = camera.story.runs()
    page = camera.page()
    page.goto(f"{camera.person.base}/runs/compare?run={newest}&run={third}&run={oldest}&baseline={oldest}")
    expect(page.get_by_role("heading", name="Compare 3 runs")).to_be_visible()
    camera.take(page, "compare")


def empty(camera: Camera) -> None:
    at = camera.canvas(camera.story.empty)
    expect(at.page.get_by_text("Upload a file")).to_be_visible()
    camera.take(at.page, "empty")


def home(camera: Camera) -> None:
    """While a pipeline runs."""
    with camera.story.going(camera.story.states):
        page = camera.page()
        page.goto(camera.person.base)
        expect(page.get_by_role("link").filter(has_text="Running").first).to_be_visible()
        camera.take(page, "home")


def gallery(camera: Camera) -> None:
    page = camera.page()
    page.goto(camera.person.base)
    samples = page.get_by_role("heading", name="Samples", exact=True)
    samples.wait_for()
    samples.evaluate("(heading) => { heading.style.scrollMarginTop = '24px'; heading.scrollIntoView() }")
    camera.take(page, "gallery")


def modules(camera: Camera) -> None:
    """The help of all modules, and of one."""
    page = camera.page()
    page.goto(f"{camera.person.base}/modules")
    page.get_by_role("link", name="Clean Missing Data").wait_for()
    camera.take(page, "modules")
    page = camera.page()
    page.goto(f"{camera.person.base}/modules/transform.clean_missing")
    page.get_by_role("heading", level=1).wait_for()
    camera.take(page, "module")


def connections(camera: Camera) -> None:
    names = camera.story.connections
    page = camera.page(1280, 800)
    page.goto(f"{camera.person.base}/team?tab=connections")
    page.get_by_role("rowheader", name=names[0]).wait_for()
    camera.take(page, "connections")


def running(camera: Camera) -> None:
    """A long training, a step that fails beside it, and the rows of a step that is done."""
    at = camera.canvas(camera.story.live)
    with camera.story.going(camera.story.live):
        until_training(at)
        at.fit()
        at.show("split", "first")
        at.fit()
        at.page.get_by_role("button", name=re.compile("Zoom to 100")).click()
        at.page.evaluate(AT_REST)
        expect(at.drawer.get_by_role("grid")).to_be_visible()
        camera.take(at.page, "canvas")


def mobile(camera: Camera) -> None:
    at = camera.canvas(camera.story.live, 390, 844, device_scale_factor=2, has_touch=True, is_mobile=True)
    with camera.story.going(camera.story.live):
        step = at.page.get_by_role("list", name="Modules in the order of the flow").get_by_role("button", name="Train the boosted trees")
        expect(step).to_contain_text(re.compile("[Tt]ree [0-9]"))
        step.click()
        camera.take(at.page, "mobile")


def until_training(at: Canvas) -> None:
    at.expect_states(["residuals"], "failed")
    at.expect_states(["train_trees"], "running")
    expect(at.card("train_trees")).to_contain_text("Tree")


def rows(camera: Camera) -> None:
    at = camera.canvas(camera.story.income)
    at.show("original", "table")
    tall(at)
    at.drawer.get_by_role("button", name="Column statistics").click()
    expect(at.drawer.get_by_role("img", name="Histogram of age")).to_be_visible()
    camera.take(at.page, "rows", alone=True)


def tall_report(camera: Camera) -> None:
    at = camera.canvas(camera.story.cars, 1440, 1130)
    at.expect_finished(["evaluate"])
    at.show("evaluate", "report")
    at.drawer.get_by_role("button", name="Full screen").click()
    expect(at.drawer.get_by_role("figure").first).to_be_visible()
    camera.take(at.page, "report-regression", alone=True)


def tall(at: Canvas) -> None:
    """Give the drawer most of the height."""
    grip = at.drawer.get_by_role("separator", name="Height of the drawer")
    box = grip.bounding_box()
    assert box is not None
    at.drag(grip, (box["x"] + box["width"] / 2, 240.0))
    at.page.evaluate("() => getSelection()?.removeAllRanges()")


def pages(camera: Camera) -> None:
    for path in ("datasets", "runs", "team"):
        page = camera.page(1280, 800)
        page.goto(f"{camera.person.base}/{path}")
        page.get_by_role("heading", level=1).wait_for()
        camera.take(page, path, alone=True)


if __name__ == "__main__":
    main()
