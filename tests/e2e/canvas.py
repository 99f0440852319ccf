"""What a person does on the canvas, and what they see there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

from tests.support.app_server import Person

RUN_PATIENCE = 30_000

# Resolves when the view has not moved for a few frames.
AT_REST = """
() => new Promise((resolve) => {
  const look = () => document.querySelector('.react-flow__viewport')?.style.transform
  let last = look()
  let same = 0
  const tick = () => {
    const now = look()
    same = now === last ? same + 1 : 0
    last = now
    if (same > 6) resolve()
    else requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
})
"""


class Canvas:
    """One open pipeline in one window."""

    def __init__(self, page: Page, person: Person) -> None:
        self.page, self.person = page, person
        self.pipeline = ""

    def open(self, pipeline: str) -> Canvas:
        """Go there, and wait until it is drawn and kept."""
        self.pipeline = pipeline
        self.page.goto(f"{self.person.base}/pipelines/{pipeline}")
        self.expect_saved()
        return self

    def card(self, node: str) -> Locator:
        return self.page.get_by_test_id(f"node-{node}")

    def titled(self, title: str) -> Locator:
        """The card of a module whose id the canvas made up."""
        return self.page.locator("[data-testid^='node-']").filter(has_text=title).last

    def port(self, card: Locator, name: str, side: Literal["input", "output"]) -> Locator:
        direction = "target" if side == "input" else "source"
        return card.locator(f".react-flow__handle.{direction}[data-handleid='{name}']")

    def wire(self, edge: str) -> Locator:
        """A wire by its ends, "split.first->train.table"."""
        return self.page.locator(f".react-flow__edge[data-id='{edge}']")

    def drag(self, grip: Locator, to: Locator | tuple[float, float], *, hold: bool = False) -> None:
        """Press, move in steps as a hand does, and let go unless told to hold."""
        mouse = self.page.mouse
        x, y = middle(grip)
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 6, y + 6)
        mouse.move(*(to if isinstance(to, tuple) else middle(to)), steps=12)
        if not hold:
            mouse.up()

    def connect(self, output: Locator, input: Locator) -> None:
        self.drag(output, input)

    def choose(self, node: str) -> None:
        """Click a card; its settings are then beside the canvas."""
        self.card(node).click(position={"x": 60, "y": 12})

    @property
    def settings(self) -> Locator:
        return self.page.get_by_role("region", name="Settings")

    def setting(self, title: str) -> Locator:
        """The control of one setting of the chosen module."""
        label = self.settings.locator("label").filter(has_text=re.compile(rf"^{re.escape(title)}( \*)?$"))
        return self.settings.locator(f"[id='{label.get_attribute('for')}']")

    @property
    def drawer(self) -> Locator:
        return self.page.get_by_role("region", name="Results, log and problems")

    def show(self, node: str, port: str) -> None:
        """Zoom to fit, choose a card, and open one of its results from the settings' side."""
        self.fit()
        self.choose(node)
        self.settings.get_by_role("region", name="Last run").locator(f"button[data-port='{port}']").click()

    def fit(self) -> None:
        """Everything in view, and the view at rest."""
        self.page.get_by_role("toolbar", name="Canvas").get_by_role("button", name="Zoom to fit").click()
        self.page.evaluate(AT_REST)

    def run(self) -> None:
        self.page.get_by_test_id("run").click()

    def expect_saved(self) -> None:
        expect(self.page.get_by_role("status").filter(has_text=re.compile("^(Saved|View only)$"))).to_be_visible()

    def expect_cards(self, count: int) -> None:
        expect(self.page.locator("[data-testid^='node-']")).to_have_count(count)

    def expect_states(self, nodes: Iterable[str], mark: str, *, patience: int = RUN_PATIENCE) -> None:
        """Wait until each of these cards shows the mark: done, reused, failed, skipped, cancelled, running."""
        for node in nodes:
            expect(self.card(node)).to_have_attribute("data-mark", mark, timeout=patience)

    def expect_finished(self, nodes: Iterable[str]) -> None:
        """Wait until each of these cards is done, whether it was carried out or reused."""
        for node in nodes:
            expect(self.card(node)).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)

    def expect_stale(self, *nodes: str) -> None:
        for node in nodes:
            expect(self.card(node).get_by_label("The result is outdated")).to_be_visible()

    def graph(self) -> dict[str, Any]:
        """The document as the server has it."""
        return dict(self.person.call("GET", f"/api/pipelines/{self.pipeline}/graph/"))


def middle(of: Locator) -> tuple[float, float]:
    """The middle of something on the screen, brought into view first."""
    of.scroll_into_view_if_needed()
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
