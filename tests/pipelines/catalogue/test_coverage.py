"""The list of another system's modules: each name is found here, or is missing for a reason."""

from pathlib import Path

import pytest

from pipelines.catalogue.coverage import Entry, entries, faults, page
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.reference import address

LIST = Path(__file__).parents[3] / "docs" / "modules.toml"
ENTRIES = entries(LIST)
JOIN = "transform.join"


def wrong(name, **said):
    return list(faults(name, Entry(**said), catalogue().modules))


def test_the_list_is_whole():
    assert len(ENTRIES) == 79


@pytest.mark.parametrize("name", ENTRIES)
def test_a_name_is_a_title_or_alias_and_its_counterparts_exist_or_it_is_missing(name):
    assert list(faults(name, ENTRIES[name], catalogue().modules)) == []


def test_the_table_is_up_to_date():
    made = page(LIST, lambda shelf, title: f"modules/{address(shelf, title)}")
    assert LIST.with_suffix(".md").read_text() == made, "run: python manage.py reference docs/modules"


def test_a_missing_module_that_is_there_is_a_fault():
    assert wrong("Join Data", missing="later") == ["Join Data is called missing, but transform.join has this name."]


def test_what_does_not_exist_is_a_fault():
    assert wrong("Join Data", module="transform.joined") == [
        "Join Data: there is no module 'transform.joined'; give the reason as `missing`."
    ]
    assert wrong("Meet Data", module=JOIN) == ["Meet Data is neither the title nor an alias of transform.join."]
    assert wrong("Join Data", module=JOIN, ports={"a": "left, middle"}) == ["Join Data: transform.join has no “middle”."]
    assert wrong("Join Data", module=JOIN, settings={"a": "colour"}) == ["Join Data: transform.join has no “colour”."]
    assert "needs a reason" in wrong("Join Data", module=JOIN, settings={"a": ""})[0]
    assert wrong("Join Data", module=JOIN, settings={"a": ""}, differences="Because.") == []
