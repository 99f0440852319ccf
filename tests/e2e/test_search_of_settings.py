"""A search of settings on the canvas: watched, cancelled in the middle, gone on with, and its best model used."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE, Canvas
from tests.support.app_server import Person

ROWS = "x,z,kind\n" + "\n".join(f"{row * 7 % 31},{row * 5 % 17},{'ab'[row * 7 % 31 + row * row % 23 > 24]}" for row in range(300))
FOR_EVER, ENOUGH = 10_000, 5
WAVE = 4  # trials that the sampler proposes together


def searching() -> dict[str, object]:
    tune = {"label": "kind", "folds": 2, "trials": FOR_EVER}
    nodes = {
        "source": {"module": "data.enter_data", "params": {"text": ROWS}, "position": [0, 0]},
        "learner": {"module": "classification.two_class_boosted_trees", "params": {}, "position": [-280, 0]},
        "tune": {"module": "training.tune_model_hyperparameters", "params": tune, "position": [0, 140]},
        "score": {"module": "scoring.score_model", "params": {}, "position": [0, 280]},
    }
    wires = [
        ("source.table", "tune.table"),
        ("learner.model", "tune.untrained"),
        ("tune.model", "score.model"),
        ("source.table", "score.table"),
    ]
    return {"format": 1, "name": "Search of settings", "nodes": nodes, "edges": [list(wire) for wire in wires]}


def test_a_search_is_watched_cancelled_and_gone_on_with(canvas, page: Page, person: Person) -> None:
    at: Canvas = canvas(searching())
    at.choose("tune")
    at.run()
    at.drawer.get_by_role("tab", name="Items").click(timeout=RUN_PATIENCE)
    board = page.get_by_role("grid", name="Items: trials")
    expect(board.get_by_role("rowheader").nth(ENOUGH + 1)).to_be_visible(timeout=RUN_PATIENCE)
    expect(page.get_by_role("figure").get_by_role("img", name=re.compile("^Best score so far"))).to_be_visible()
    page.get_by_role("region", name="Pipeline", exact=True).get_by_role("button", name="Cancel").click()
    expect(at.card("tune")).to_have_attribute("data-state", "cancelled", timeout=RUN_PATIENCE)
    run = person.call("GET", f"/api/pipelines/{at.pipeline}/runs/")[0]["id"]
    fan = person.call("GET", f"/api/runs/{run}/steps/tune/items/?state=done")
    finished = len(fan["items"])
    assert finished >= ENOUGH

    trials = finished + WAVE - finished % WAVE + WAVE  # whole waves, and one more
    person.set(at.pipeline, "tune", trials=trials)
    at.choose("tune")
    expect(at.setting("Trials")).to_have_value(str(trials))
    at.fit()
    at.run()
    at.expect_finished(["tune", "score"])
    at.choose("tune")
    at.drawer.get_by_role("tab", name="Items").click()
    states = page.get_by_role("group", name="Filter by state").get_by_role("button")
    expect(states).to_have_text([re.compile(r"Done \d+"), re.compile(r"Reused \d+")])
    done, reused = (int(text.split()[-1]) for text in states.all_inner_texts())
    # A trial that ends while the search is being cancelled is kept, although the search does not count it.
    assert done + reused == trials and finished <= reused <= finished + WAVE

    at.show("tune", "report")
    lines = at.drawer.get_by_role("img", name=re.compile(rf"^Each of {trials} trials as a line over its settings"))
    expect(lines).to_be_visible()
    expect(at.drawer.get_by_text(re.compile(r"^Best: trial \d+\."))).to_be_visible()
    at.show("score", "table")
    expect(at.drawer.get_by_text("Scored Probabilities", exact=True)).to_be_visible()
