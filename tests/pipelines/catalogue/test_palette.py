"""The palette is a contract with the canvas: a checked-in snapshot says when it changes."""

import json
from pathlib import Path

from pipelines.catalogue.palette import palette

SNAPSHOT = Path(__file__).with_name("palette.json")


def test_the_palette_is_the_snapshot():
    found = palette()
    ours = {
        "kinds": [kind for kind in found["kinds"] if kind["id"] != "note"],
        "shelves": [shelf for shelf in found["shelves"] if shelf["id"] != "trial"],
        "modules": [module for module in found["modules"] if not module["id"].startswith("trial.")],
    }
    assert json.loads(json.dumps(ours)) == json.loads(SNAPSHOT.read_text()), (
        "The palette changed. When that is meant: python manage.py palette > tests/pipelines/catalogue/palette.json"
    )


def test_shelves_have_places_and_hues_of_their_own():
    shelves = [shelf for shelf in palette()["shelves"] if shelf["id"] != "trial"]
    assert [shelf["id"] for shelf in shelves] == [
        "data",
        "transform",
        "regression",
        "classification",
        "training",
        "scoring",
        "evaluation",
        "script",
    ]
    hues = sorted(shelf["hue"] for shelf in shelves)
    assert all(second - first >= 30 for first, second in zip(hues, [*hues[1:], hues[0] + 360], strict=True))
