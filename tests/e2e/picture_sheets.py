"""Pictures of many small things: the parts, the empty, loading and failed states, and what happens in a moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from tests.e2e.canvas import Canvas, middle
from tests.e2e.contact_sheet import Box, Shot, around, sheet, small

if TYPE_CHECKING:
    from tests.e2e.pictures import Camera

# Holds a file over the middle of the canvas.
HOLD_FILE = """
() => {
  const data = new DataTransfer()
  data.items.add(new File(['a'], 'churn.csv', { type: 'text/csv' }))
  const onto = document.querySelector('.react-flow__pane')
  const box = onto.getBoundingClientRect()
  const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height * 0.72, bubbles: true, cancelable: true, dataTransfer: data }
  onto.dispatchEvent(new DragEvent('dragover', at))
}
"""
WITHOUT_PANELS = """localStorage.setItem('easel.view', JSON.stringify({ open: { palette: false, inspector: false, drawer: false } }))"""
CELL = (440, 210)
MOMENT = (920, 560)


def crop(page: Page, box: Box) -> bytes:
    """A part of the window, once it is at rest."""
    page.wait_for_timeout(400)
    return page.screenshot(clip=box.clip)


def shown(of: Locator) -> bytes:
    return crop(of.page, _whole(of))


def _whole(of: Locator) -> Box:
    box = of.bounding_box()
    assert box is not None
    return Box(box["x"], box["y"], box["width"], box["height"])


def finish(camera: Camera, shots: list[Shot], columns: int, name: str) -> None:
    page = camera.page()
    page.goto(camera.person.base)
    page.get_by_role("heading", level=1).wait_for()
    sheet(page, shots, columns, camera.folder / f"{name}-{camera.scheme}.png")
    page.context.close()


@contextmanager
def opened(camera: Camera, pipeline: str, width: int = 1440, height: int = 900, *, bare: bool = False) -> Iterator[Canvas]:
    """A canvas in a window of its own; `bare` is without panels, and with all cards in view."""
    page = camera.page(width, height)
    if bare:
        page.add_init_script(WITHOUT_PANELS)
    at = Canvas(page, camera.person).open(pipeline)
    if bare:
        at.fit()
    yield at
    at.page.context.close()


@contextmanager
def all_states(camera: Camera, width: int = 1440, height: int = 900) -> Iterator[Canvas]:
    """The pipeline of card states while it runs: a setting changes under a card that is done, and somebody else is there."""
    pipeline, person = camera.story.states, camera.person
    with (
        camera.story.colleague(camera.browser, pipeline, "theirs"),
        opened(camera, pipeline, width, height, bare=True) as at,
        camera.story.going(pipeline),
    ):
        at.expect_states(["failed"], "failed")
        at.expect_states(["running"], "running")
        at.expect_finished(["stale"])
        person.set(pipeline, "stale", value="3")
        at.expect_stale("stale")
        expect(at.card("running")).to_contain_text("Tree")
        yield at
        person.set(pipeline, "stale", value="2")


def parts(camera: Camera) -> None:
    """Cards of all states, a form, a table's head, the marks of a run, a dialog and a notification."""
    shots: list[Shot] = []
    with all_states(camera) as at:
        at.choose("mine")
        shots.append(
            Shot(
                "Cards",
                "unfinished, waiting, running, done, stale, failed, skipped; selected, and selected by somebody else",
                shown(at.page.locator(".react-flow")),
            )
        )
    with opened(camera, camera.story.cars) as at:
        at.choose("trees")
        at.setting("Learning rate").fill("1.4")
        at.page.keyboard.press("Tab")
        form = crop(at.page, _whole(at.settings))
        at.show("split", "first")
        head = shown(at.drawer)
        at.drawer.get_by_role("tab", name="Timeline").click()
        line = shown(at.drawer)
        at.drawer.get_by_role("button", name="Hide results").click()
        at.page.get_by_role("button", name="Pipeline actions").click()
        at.page.get_by_role("menuitem", name="Delete…").click()
        dialog = at.page.get_by_role("dialog")
        shots += [
            Shot("Form", "what differs from the default, a value that is refused", form),
            Shot("Table", "the head of each column shows its values", head),
            Shot("Timeline", "the steps of a run", line),
            Shot("Dialog", "the button repeats the verb", crop(at.page, around(dialog, 560, 300))),
        ]
    finish(camera, shots, 2, "parts")


def states(camera: Camera) -> None:
    """Empty, loading and failed, place by place."""
    base, story = camera.person.base, camera.story
    shots: list[Shot] = []

    def add(title: str, words: str, png: bytes) -> None:
        shots.append(Shot(title, words, png))

    with opened(camera, story.unrun) as at:
        at.choose("s1")
        at.page.keyboard.press("\\")
        add("Results", "nothing has run", crop(at.page, around(at.drawer, *CELL)))
    with opened(camera, story.unrun) as at:
        at.page.route("**/outputs/**", lambda _: None)
        at.page.goto(f"{base}/pipelines/{story.income}")
        at.show("original", "table")
        add("Results", "loading", crop(at.page, _at(at.drawer, *CELL)))
    with opened(camera, story.failing) as at:
        at.choose("s2")
        at.page.keyboard.press("\\")
        add("Results", "the step failed", crop(at.page, _at(at.drawer, *CELL)))
    page = camera.page()
    page.route("**/CanvasPage-*.js", lambda _: None)
    page.goto(f"{base}/pipelines/{story.cars}", wait_until="commit")
    page.get_by_role("status", name="Loading the pipeline").wait_for()
    whole = page.screenshot()
    page.context.close()
    page = camera.page()
    page.goto(f"{base}/pipelines/{'0' * 32}")
    add("Canvas", "not found", crop(page, around(page.get_by_text("Pipeline not found"), *CELL)))
    page.context.close()
    with opened(camera, story.income) as at:
        at.show("original", "table")
        at.drawer.get_by_role("button", name="Search text columns").click()
        at.drawer.get_by_role("textbox", name="Search text columns").fill("no such words")
        expect(at.drawer.get_by_text("No row matches")).to_be_visible()
        add("Table", "no row matches", crop(at.page, around(at.drawer.get_by_text("No row matches"), *CELL)))
    with opened(camera, story.cars) as at:
        at.page.get_by_placeholder("Search modules").fill("no such module")
        add("Palette", "nothing matches", crop(at.page, Box(0, 48, *CELL)))
    with offline(camera, story.cars) as at:
        add("Connection", "offline: edits are kept", crop(at.page, Box(0, 0, *CELL)))
    with opened(camera, story.empty, 1440, 600) as at:
        expect(at.page.get_by_text("Upload a file")).to_be_visible()
        empty = at.page.screenshot()
    finish(
        camera,
        [
            *shots,
            Shot("Canvas", "its code is loading: bar and panels are where they will be", small(whole, CELL[0])),
            Shot("Canvas", "empty", small(empty, CELL[0])),
        ],
        3,
        "states",
    )


def _at(of: Locator, width: float, height: float) -> Box:
    box = _whole(of)
    return Box(box.x, box.y, width, height)


@contextmanager
def offline(camera: Camera, pipeline: str) -> Iterator[Canvas]:
    """A window that has lost the server, with an edit that waits."""
    page = camera.page(*MOMENT)
    page.add_init_script(WITHOUT_PANELS)
    sockets: list[object] = []

    def gate(route: object) -> None:
        sockets.append(route)
        if len(sockets) < 4:
            route.connect_to_server()  # type: ignore[attr-defined]
        else:
            route.close()  # type: ignore[attr-defined]

    page.route_web_socket("**/ws/**", gate)
    at = Canvas(page, camera.person).open(pipeline)
    page.context.set_offline(True)
    for socket in list(sockets):
        socket.close()  # type: ignore[attr-defined]
    sockets.extend([None] * 4)
    expect(page.get_by_role("status").filter(has_text="Offline")).to_be_visible()
    yield at
    page.context.close()


def moments(camera: Camera) -> None:
    """What is seen for a moment only."""
    story = camera.story
    shots: list[Shot] = []

    def add(title: str, words: str, at: Canvas) -> None:
        at.page.wait_for_timeout(400)
        shots.append(Shot(title, words, at.page.screenshot()))

    with opened(camera, story.unrun, *MOMENT, bare=True) as at:
        at.drag(at.port(at.card("s2"), "table", "output"), (460, 330))
        expect(at.page.get_by_role("listbox")).to_be_visible()
        add("A wire dropped on the canvas", "modules that fit, the usual ones first; Enter adds", at)
    with opened(camera, story.unrun, *MOMENT, bare=True) as at:
        at.page.evaluate(HOLD_FILE)
        add("A file held over the canvas", "its card is under the pointer", at)
    with opened(camera, story.cars, *MOMENT, bare=True) as at:
        at.page.keyboard.press("Control+k")
        at.page.keyboard.type("score")
        add("Ctrl K", "cards, modules, actions, pipelines", at)
    with opened(camera, story.cars, *MOMENT, bare=True) as at:
        at.card("split").click(button="right")
        expect(at.page.get_by_role("menu")).to_be_visible()
        add("The menu of a card", "with the keys", at)
    with opened(camera, story.unrun, *MOMENT, bare=True) as at:
        (x, top), (_, bottom) = middle(at.card("source")), middle(at.card("s1"))
        at.page.keyboard.press("Control+a")
        at.page.keyboard.press("Escape")
        at.drag(at.card("loose"), (x, (top + bottom) / 2), hold=True)
        add("A card held over a wire", "the wire is lit; dropped there, the card goes in between", at)
        at.page.mouse.up()
        at.page.keyboard.press("Control+z")
        at.expect_saved()
    with all_states(camera, *MOMENT) as at:
        add("A run, and two people", "progress, a failed step with its remedy, somebody else's selection", at)
    with opened(camera, story.failing, *MOMENT, bare=True) as at:
        at.choose("s2")
        add("A failed step", "what happened, where, and what to do", at)
    with offline(camera, story.cars) as at:
        add("Offline", "editing goes on; edits are sent when the server is back", at)
    finish(camera, shots, 2, "moments")
