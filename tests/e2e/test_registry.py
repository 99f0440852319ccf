"""The model registry: two people register a version each, an alias moves, one is approved by an admin alone, both stand side by side, and a card loads one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.canvas import RUN_PATIENCE
from tests.e2e.conftest import Open
from tests.e2e.test_people import join
from tests.support.app_server import Person

NODES: dict[str, Any] = {
    "data": {"module": "data.enter_data", "params": {"text": "a,y\n" + "\n".join(f"{each},{2 * each + 1}" for each in range(20))}},
    "learner": {"module": "regression.linear_regression"},
    "train": {"module": "training.train_model", "params": {"label": "y"}},
    "score": {"module": "scoring.score_model"},
    "judge": {"module": "evaluation.evaluate_model"},
}
EDGES = [
    ["data.table", "train.table"],
    ["learner.model", "train.untrained"],
    ["train.model", "score.model"],
    ["data.table", "score.table"],
    ["score.table", "judge.scored"],
]


def register(page: Page, note: str) -> None:
    page.get_by_role("button", name="Register model").click()
    dialog = page.get_by_role("dialog", name="Register model")
    dialog.get_by_label("Name").fill("line")
    dialog.get_by_label("Note").fill(note)
    dialog.get_by_role("button", name="Register", exact=True).click()


def test_register_move_an_alias_approve_compare_and_load(canvas, page: Page, person: Person, open_window: Open) -> None:
    at = canvas({"format": 1, "name": "Line", "nodes": NODES, "edges": EDGES})
    at.run()
    expect(at.card("judge")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)

    # From the menu of the card; what cannot be a name is said at once.
    at.card("train").click(button="right")
    page.get_by_role("menuitem", name="Register model").click()
    dialog = page.get_by_role("dialog", name="Register model")
    dialog.get_by_label("Name").fill("Line 1")
    expect(dialog.get_by_text("lowercase letters")).to_be_visible()
    dialog.get_by_label("Name").fill("line")
    dialog.get_by_role("button", name="Register", exact=True).click()
    expect(dialog.get_by_text("line, version 1")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()

    # A second version by an editor, from the page of a run.
    pipeline = page.url.rpartition("/")[2]
    person.set(pipeline, "learner", l2_weight=1.0)
    _, state = person.run(pipeline)
    assert state == "done"
    newest = person.call("GET", f"/api/runs/?pipeline={pipeline}")[0]["id"]
    home = person.call("GET", "/api/workspaces/")[0]["id"]
    editor = open_window(None).new_page()
    join(editor, person.call("POST", f"/api/workspaces/{home}/invitations/", {"role": "editor"})["link"], "modeller@example.org")
    editor.goto(f"{person.base}/runs/{newest}?node=train")
    register(editor, "more weight")
    editor.get_by_role("link", name="line, version 2").click()
    expect(editor.get_by_text("Candidate. Admins and owners of the workspace change the stage.")).to_be_visible()
    expect(editor.get_by_role("button", name="Change stage")).not_to_be_visible()
    page.goto(editor.url)

    # The page of the model: an alias is set and moved, a version approved.
    expect(page.get_by_role("heading", name="line", exact=True)).to_be_visible()
    for version, button in (("v1", "Set alias"), ("v2", "Move alias")):
        page.get_by_role("button", name="Set an alias" if version == "v1" else "Move champion", exact=True).click()
        form = page.get_by_role("dialog")
        form.get_by_label("Version").select_option(version[1:])
        form.get_by_label("Reason").fill(f"because of {version}")
        form.get_by_role("button", name=button).click()
        expect(page.get_by_role("row", name=f"champion {version}")).to_be_visible()
    expect(page.get_by_text("Alias champion moved from version 1 to 2")).to_be_visible()
    page.get_by_role("button", name="Show version 2").click()

    # A condition that is not met keeps it from being approved; one that is met stands in the history.
    page.get_by_role("button", name="Set conditions").click()
    form.get_by_label("Kind").select_option("parity")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Approval")).to_contain_text("There is no proof")
    page.get_by_role("button", name="Change stage").click()
    form.get_by_role("button", name="Change stage").click()
    expect(form.get_by_text("Version 2 cannot be approved")).to_be_visible()
    form.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Change conditions").click()
    form.get_by_label("Kind").select_option("figure")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Approval")).to_contain_text("Met.")
    page.get_by_role("button", name="Change stage").click()
    form.get_by_label("Stage").select_option("approved")
    form.get_by_label("Reason").fill("better on new cars")
    form.get_by_role("button", name="Change stage").click()
    decided = page.get_by_role("row", name="Version 2: candidate → approved")
    expect(decided).to_contain_text("better on new cars")
    expect(decided).to_contain_text("Met: ")
    expect(page.get_by_text("more weight")).to_be_visible()
    editor.reload()
    expect(editor.get_by_text("Approved. Admins and owners")).to_be_visible()
    approved = person.call("GET", "/api/me/")["user"]["name"]
    expect(editor.get_by_role("row", name="Version 2: candidate → approved")).to_contain_text(approved)

    # Side by side.
    page.get_by_label("Compare version 1").check()
    page.get_by_label("Compare version 2").check()
    page.get_by_role("button", name="Compare 2 versions").click()
    expect(page.get_by_role("region", name="Figures")).to_contain_text("R²")
    expect(page.get_by_role("region", name="What made them")).to_contain_text("l2_weight")
    expect(page.get_by_text("The same as that of the first")).to_be_visible()
    expect(page.get_by_role("button", name="Save R²")).to_be_visible()

    # A card loads what the alias names.
    loads = {
        "new": {"module": "data.enter_data", "params": {"text": "a\n3\n5"}},
        "model": {"module": "data.registered_model"},
        "score": {"module": "scoring.score_model"},
    }
    other = canvas({"format": 1, "name": "Use", "nodes": loads, "edges": [["model.model", "score.model"], ["new.table", "score.table"]]})
    other.choose("model")
    other.setting("Model").click()
    page.get_by_role("option", name="line").click()
    other.setting("Version").fill("champion")
    other.setting("Version").press("Enter")
    expect(other.card("model")).to_contain_text("champion")
    other.run()
    expect(other.card("score")).to_have_attribute("data-state", "done", timeout=RUN_PATIENCE)
