"""`python -m tests.e2e.pictures [FOLDER]`: the pictures of the documentation, taken of a fresh installation."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.e2e.canvas import Canvas
from tests.support.app_server import ROOT, Person, easel
from tests.support.chromium import chromium, window

IMAGES = ROOT / "docs/images"


def main() -> None:
    """Run both samples, then go round."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    with easel({"EASEL_MODULES": ""}) as person, chromium() as browser:
        cars, income = sample(person, "automobile_price"), sample(person, "income")
        for scheme in ("light", "dark"):
            canvas(browser, person, cars, scheme, folder)
        results(browser, person, cars, income, folder)
        pages(browser, person, folder)
        narrow(browser, person, cars, folder)


def sample(person: Person, slug: str) -> str:
    """A copy of a sample that has run."""
    pipeline = str(person.call("POST", f"/api/samples/{slug}/open/", {})["id"])
    person.run(pipeline)
    return pipeline


def opened(browser: Browser, person: Person, pipeline: str, **how: object) -> Canvas:
    page = window(browser, person, reduced_motion="reduce", **how).new_page()  # type: ignore[arg-type]
    at = Canvas(page, person).open(pipeline)
    at.expect_finished(["evaluate"])
    return at


def take(page: Page, to: Path) -> None:
    """Without the pointer's traces."""
    page.mouse.move(0, 0)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    page.screenshot(path=to)
    print(to)


def canvas(browser: Browser, person: Person, pipeline: str, scheme: str, folder: Path) -> None:
    at = opened(browser, person, pipeline, scheme=scheme, width=1440, height=900)
    at.fit()
    at.choose("split")
    take(at.page, folder / f"canvas-{scheme}.png")
    at.page.context.close()


def results(browser: Browser, person: Person, cars: str, income: str, folder: Path) -> None:
    at = opened(browser, person, income, width=1440, height=900)
    at.show("original", "table")
    tall(at)
    at.drawer.get_by_role("button", name="Column statistics").click()
    expect(at.drawer.get_by_role("img", name="Histogram of age")).to_be_visible()
    take(at.page, folder / "rows.png")
    at.page.context.close()

    for pipeline, name in ((income, "report-two-class"), (cars, "report-regression")):
        at = opened(browser, person, pipeline, width=1440, height=1130)
        at.show("evaluate", "report")
        tall(at)
        expect(at.drawer.get_by_role("figure").first).to_be_visible()
        if pipeline == income:
            at.drawer.locator("[data-type='threshold']").evaluate("block => block.scrollIntoView({ block: 'start' })")
        take(at.page, folder / f"{name}.png")
        at.page.context.close()


def tall(at: Canvas) -> None:
    """Give the drawer most of the height."""
    grip = at.drawer.get_by_role("separator", name="Height of the drawer")
    box = grip.bounding_box()
    assert box is not None
    at.drag(grip, (box["x"] + box["width"] / 2, 240.0))
    at.page.evaluate("() => getSelection()?.removeAllRanges()")


def pages(browser: Browser, person: Person, folder: Path) -> None:
    page = window(browser, person, width=1280, height=800).new_page()
    for path, name in (("/", "home"), ("/datasets", "datasets"), ("/runs", "runs"), ("/team", "team")):
        page.goto(person.base + path)
        page.get_by_role("heading", level=1).wait_for()
        take(page, folder / f"{name}.png")
    page.context.close()


def narrow(browser: Browser, person: Person, pipeline: str, folder: Path) -> None:
    at = opened(browser, person, pipeline, width=390, height=844)
    take(at.page, folder / "narrow.png")
    at.page.context.close()


if __name__ == "__main__":
    main()
