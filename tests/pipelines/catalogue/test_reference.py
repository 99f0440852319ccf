"""The module reference in docs/modules is what the modules say of themselves."""

from pathlib import Path

import pytest

from pipelines.catalogue.reference import anchor, pages

DOCS = Path(__file__).parents[3] / "docs" / "modules"
OURS = [name for name in pages() if name != "trial.md"]


def without_trials(text: str) -> str:
    """The index without the shelf that only tests have."""
    return "".join(line for line in text.splitlines(keepends=True) if "](trial.md)" not in line)


@pytest.mark.parametrize("name", OURS)
def test_a_page_is_up_to_date(name):
    assert (DOCS / name).read_text() == without_trials(pages()[name]), "run: python manage.py reference docs/modules"


def test_no_page_is_left_of_a_shelf_that_is_gone():
    assert {path.name for path in DOCS.iterdir()} == set(OURS)


def test_an_anchor_is_that_of_github():
    assert anchor("Two-Class Logistic Regression") == "two-class-logistic-regression"
    assert anchor("Group and Summarise (SQL)") == "group-and-summarise-sql"
