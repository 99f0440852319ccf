"""The palette is a contract with the canvas: a checked-in snapshot says when it changes."""

import json
from pathlib import Path

import msgspec

from pipelines.catalogue import params
from pipelines.catalogue.palette import Param, palette
from pipelines.catalogue.params import ParamKind, Range, When

SNAPSHOT = Path(__file__).with_name("palette.json")


def test_the_palette_is_the_snapshot():
    found = palette()
    ours = {
        "kinds": [kind for kind in found.kinds if kind.id != "note"],
        "shelves": [shelf for shelf in found.shelves if shelf.id != "trial"],
        "modules": [module for module in found.modules if not module.id.startswith("trial.")],
    }
    for module in ours["modules"]:
        if module.extra:
            module.extra.installed = True
    assert msgspec.to_builtins(ours) == json.loads(SNAPSHOT.read_text()), (
        "The palette changed. When that is meant: python manage.py palette > tests/pipelines/catalogue/palette.json"
    )


def test_shelves_have_places_and_hues_of_their_own():
    shelves = [shelf for shelf in palette().shelves if shelf.id != "trial"]
    assert [shelf.id for shelf in shelves] == [
        "data",
        "transform",
        "statistics",
        "selection",
        "regression",
        "classification",
        "clustering",
        "anomaly",
        "forecasting",
        "training",
        "scoring",
        "evaluation",
        "recommendation",
        "script",
        "text",
        "vision",
    ]
    hues = sorted(shelf.hue for shelf in shelves)
    assert all(second - first >= 17 for first, second in zip(hues, [*hues[1:], hues[0] + 360], strict=True))


def test_a_setting_says_when_it_is_shown():
    shown = Param.of(params.Param("p", "P", ParamKind.CHOICE, choices=(("a", "An a"),), shown_when=When("mode", "rows"), range=Range(1)))
    found = msgspec.to_builtins(shown)
    assert found["shown_when"] == {"param": "mode", "is": ["rows"]}
    assert found["choices"] == [{"value": "a", "title": "An a"}]
    assert (found["min"], found["max"]) == (1, None)
