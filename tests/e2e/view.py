"""A view of the interface: how a person gets there, and by what it is known to be there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from re import Pattern
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import Canvas
from tests.support.app_server import Person

Step = Callable[[Canvas], object]
Seen = Callable[[Page], Locator]


@dataclass(frozen=True)
class View:
    """What opens it, in order, and by what it is known to be there; `path` names pipelines and the like in braces."""

    name: str
    seen: Seen
    path: str = ""  # empty: where the view before it was left
    steps: tuple[Step, ...] = field(default=())
    floats: bool = False  # lies over the page, is looked at alone, and closes with Escape


def has(role: Any, name: str | Pattern[str], exact: bool = True) -> Seen:
    return lambda page: page.get_by_role(role, name=name, exact=exact).first


def text(words: str | Pattern[str]) -> Seen:
    return lambda page: page.get_by_text(words).first


def press(role: Any, name: str | Pattern[str], exact: bool = False) -> Step:
    return lambda at: at.page.get_by_role(role, name=name, exact=exact).first.click()


def key(keys: str) -> Step:
    return lambda at: at.page.keyboard.press(keys)


def choose(*nodes: str) -> Step:
    def step(at: Canvas) -> None:
        at.fit()
        for place, node in enumerate(nodes):
            at.card(node).click(position={"x": 60, "y": 12}, modifiers=["Shift"] if place else [])

    return step


def tab(name: str) -> Step:
    """A tab of the drawer, whether that is open or not."""
    return lambda at: at.drawer.get_by_role("tab", name=name).click()


def part(name: str) -> Step:
    """A choice of a segmented control."""
    return lambda at: at.page.get_by_role("radiogroup").get_by_text(name, exact=True).click()


menu = has("menu", re.compile(""))


def right_click(at: Canvas) -> None:
    at.page.locator(".react-flow__pane").click(button="right", position={"x": 40, "y": 300})


def tour(page: Page, person: Person, ids: Mapping[str, str], views: list[View]) -> Iterator[tuple[View, Locator]]:
    """Opens one after the other, at rest."""
    at = Canvas(page, person)
    for view in views:
        if view.path:
            page.goto(person.base + view.path.format(**ids))
            if view.path.startswith("/pipelines/{"):
                at.expect_saved()
            else:
                expect(page.locator("[aria-busy='true']")).to_have_count(0)
        for step in view.steps:
            step(at)
        shown = view.seen(page)
        expect(shown, view.name).to_be_visible()
        if not view.floats:
            page.mouse.move(0, 0)  # no tooltip
        yield view, shown
        if view.floats:
            page.keyboard.press("Escape")
            expect(page.locator("[role=dialog], [role=menu], [role=listbox]:not([hidden])").filter(visible=True), view.name).to_have_count(
                0
            )
