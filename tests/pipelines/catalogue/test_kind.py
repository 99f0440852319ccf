"""Port kinds are listed by being there, and a record says all that there is to know of one."""

import re

import msgspec
import pytest

from pipelines.catalogue import palette
from pipelines.catalogue.kind import Download, FileKind, PortKind, kind_of_type, kinds
from pipelines.catalogue.ports import Frame, Lazy, Query, Table, UntrainedModel
from tests.easel_modules.kinds.note import Note

ICON = {"icon": "M0 0Z", "colours": ("red", "blue")}


def test_every_file_is_a_kind_and_further_packages_have_their_own():
    assert kinds().keys() == {
        "table",
        "untrained_model",
        "model",
        "models_by_group",
        "transform",
        "report",
        "bundle",
        "image_model",
        "image_network",
        "images",
        "recommender",
        "forecaster",
        "untrained_forecaster",
        "vowpal_wabbit_model",
        "wide_and_deep_recommender",
        "note",
        "scoring_graph",
    }
    assert all(kind.id == id for id, kind in kinds().items())


@pytest.mark.parametrize(
    ("type", "id"),
    [(Table, "table"), (Query, "table"), (Lazy, "table"), (Frame, "table"), (UntrainedModel, "untrained_model"), (Note, "note")],
)
def test_a_type_belongs_to_a_kind(type, id):
    assert kind_of_type(type).id == id


def test_another_type_is_named():
    with pytest.raises(TypeError, match=r"<class 'int'> is the type of no port kind; the kinds are the files of pipelines/kinds"):
        kind_of_type(int)


@pytest.mark.parametrize(("title", "words"), [("table", "a table"), ("untrained model", "an untrained model")])
def test_words_have_an_article(title, words):
    assert PortKind(types=(), title=title, **ICON).words == words


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.id)
def test_the_canvas_can_draw_it(kind):
    assert re.fullmatch(r"M[MLHVCSQTAZmlhvcsqtaz\d .-]+[Zz]", kind.icon)
    assert all(re.fullmatch(r"oklch\([\d. ]+\)|#[0-9a-f]{6}", colour) for colour in kind.colours)
    assert msgspec.to_builtins(palette.PortKind.of(kind).downloads) == [
        {"as": ending, "title": download.title} for ending, download in kind.downloads.items()
    ]


def test_values_that_must_not_be_loaded_are_downloaded_as_their_files():
    parts = {"types": (), "title": "x", **ICON, "write": print, "read": print, "check": print}
    FileKind(**parts, downloads={"bin": Download("Binary", "application/octet-stream")})
    with pytest.raises(TypeError, match="downloaded as its file"):
        FileKind(**parts, downloads={"csv": Download("CSV", "text/csv", print)})
