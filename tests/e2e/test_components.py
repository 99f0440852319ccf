"""Components: a sub-pipeline is saved, inserted in another pipeline from the palette, published again, and the instance is updated."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.canvas import Canvas
from tests.e2e.graphs import chain
from tests.support.app_server import Person

SPLIT = "transform.split_data"


def test_save_insert_publish_and_update(page: Page, person: Person) -> None:
    graph = chain(("half", SPLIT, {"fraction": 0.5, "seed": 3}), name="Maker")
    graph["nodes"]["half"]["group"] = "g"
    graph["groups"] = {"g": {"title": "Halves", "position": [0, 130], "promoted": {"Share": {"node": "half", "param": "fraction"}}}}
    maker = person.pipeline(graph)
    at = Canvas(page, person).open(maker)
    at.choose("g")
    at.settings.get_by_role("button", name="Save as component…").click()
    dialog = page.get_by_role("dialog", name="Save “Halves” as a component")
    dialog.get_by_label("Name").fill("Halving")
    dialog.get_by_role("button", name="Save component").click()
    expect(at.settings.get_by_text("“Halving”, version 1.")).to_be_visible()

    user = person.pipeline(chain(name="User"))
    at.open(user)
    page.get_by_role("searchbox", name="Search modules").fill("halving")
    found = page.get_by_role("region", name="Components").get_by_role("button", name="Halving Version 1")
    found.focus()
    page.keyboard.press("Enter")
    card = at.titled("Halving")
    expect(card).to_be_visible()
    at.setting("Share").fill("0.9")
    at.setting("Share").press("Tab")
    at.expect_saved()

    changed = person.call("GET", f"/api/pipelines/{maker}/graph/")
    component = changed["groups"]["g"]["component"]["id"]
    changed["nodes"]["half"]["params"]["seed"] = 8
    changed["nodes"]["more"] = {"module": SPLIT, "params": {}, "position": [0, 300], "group": "g"}
    changed["edges"].append(["half.first", "more.table"])
    other = person.pipeline(changed)
    assert person.call("POST", f"/api/components/{component}/versions/", {"pipeline": other, "group": "g"})["version"] == 2

    at.open(user)
    expect(card).to_contain_text("Version 2 available")
    card.click(position={"x": 60, "y": 12})
    at.settings.get_by_role("button", name="Update to version 2…").click()
    dialog = page.get_by_role("dialog", name="Update “Halving” to version 2")
    expect(dialog).to_contain_text("Added: Split Data.")
    expect(dialog).to_contain_text("Settings changed: Split Data (Seed).")
    dialog.get_by_role("button", name="Update", exact=True).click()
    expect(card).to_contain_text("2 modules")
    at.expect_saved()
    nodes = {id: node["params"] for id, node in at.graph()["nodes"].items() if node.get("group")}
    assert {"fraction": 0.9, "seed": 8} in nodes.values() and len(nodes) == 2
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(card).to_contain_text("Version 2 available")
