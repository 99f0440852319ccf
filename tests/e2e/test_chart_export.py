"""A report's chart, taken away as SVG and PNG: files that others can open, in the colours it was seen in."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.canvas import Canvas
from tests.support.app_server import Person

SVG = "{http://www.w3.org/2000/svg}"
GROUNDS = {"light": (255, 255, 255), "dark": (27, 27, 35)}

# Draws an image file, and tells its size, the colour of its corner, and how many colours are in it.
LOOK = """
async (source) => {
  const image = new Image()
  image.src = source
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.naturalWidth
  canvas.height = image.naturalHeight
  const pen = canvas.getContext('2d')
  pen.drawImage(image, 0, 0)
  const dots = new Uint32Array(pen.getImageData(0, 0, canvas.width, canvas.height).data.buffer)
  return { width: canvas.width, height: canvas.height, corner: [...pen.getImageData(1, 1, 1, 1).data], colours: new Set(dots).size }
}
"""


@pytest.fixture(scope="module")
def prices(person: Person) -> str:
    """The automobile sample, run once."""
    pipeline = str(person.call("POST", "/api/samples/automobile_price/open/", {})["id"])
    assert person.run(pipeline)[1] == "done"
    return pipeline


Take = Callable[[str, str], Path]


@pytest.fixture
def take(page: Page, person: Person, prices: str, tmp_path: Path) -> Take:
    """Downloads a chart of the report in a format, from a page in a scheme."""

    def taken(scheme: str, as_: str) -> Path:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        at = Canvas(page, person).open(prices)
        at.show("evaluate", "report")
        chart = at.drawer.get_by_role("figure", name="Predicted against actual")
        expect(chart.locator("svg").first).to_be_visible()
        chart.get_by_role("button", name="Save").click()
        with page.expect_download() as coming:
            page.get_by_role("menuitem", name=f"Download {as_.upper()}").click()
        assert coming.value.suggested_filename.endswith(f".{as_}")
        coming.value.save_as(tmp_path / f"{scheme}.{as_}")
        return tmp_path / f"{scheme}.{as_}"

    return taken


def looked_at(browser: Browser, file: Path, media_type: str) -> dict[str, object]:
    """What a browser that knows nothing of the page sees in a file."""
    page = browser.new_page()
    try:
        return dict(page.evaluate(LOOK, f"data:{media_type};base64,{base64.b64encode(file.read_bytes()).decode()}"))
    finally:
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_as_svg(take: Take, browser: Browser, scheme: str) -> None:
    file = take(scheme, "svg")
    root = ElementTree.parse(file).getroot()
    assert root.tag == f"{SVG}svg" and root.get("viewBox")
    assert {text.text for text in root.iter(f"{SVG}text")} & {"Actual", "actual", "Actual price", "price"}
    assert "var(" not in file.read_text() and "light-dark" not in file.read_text(), "colours that mean nothing outside of the page"
    seen = looked_at(browser, file, "image/svg+xml")
    assert tuple(seen["corner"]) == (*GROUNDS[scheme], 255)  # type: ignore[arg-type]
    assert int(str(seen["colours"])) > 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chart_as_png(take: Take, browser: Browser, scheme: str) -> None:
    file = take(scheme, "png")
    assert file.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    seen = looked_at(browser, file, "image/png")
    assert int(str(seen["width"])) > 500 and int(str(seen["height"])) > 300, "twice the size on the screen"
    assert tuple(seen["corner"]) == (*GROUNDS[scheme], 255)  # type: ignore[arg-type]
    assert int(str(seen["colours"])) > 8
