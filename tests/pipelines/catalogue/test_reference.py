"""The module reference in docs/modules is what the modules say of themselves."""

from pathlib import Path

import pytest

from pipelines.catalogue.palette import palette
from pipelines.catalogue.reference import anchor, pages

DOCS = Path(__file__).parents[3] / "docs" / "modules"
OURS = ["README.md", *(f"{shelf.id}.md" for shelf in palette().shelves if shelf.id != "trial")]


@pytest.fixture(scope="module", name="made")
def _made() -> dict[str, str]:
    return pages()


def without_trials(text: str) -> str:
    """The index without the shelf that only tests have."""
    return "".join(line for line in text.splitlines(keepends=True) if "](trial.md)" not in line)


@pytest.mark.parametrize("name", OURS)
def test_a_page_is_up_to_date(name, made):
    assert (DOCS / name).read_text() == without_trials(made[name]), "run: python manage.py reference docs/modules"


def test_no_page_is_left_of_a_shelf_that_is_gone(made):
    assert {path.name for path in DOCS.iterdir()} == set(OURS) == set(made) - {"trial.md"}


def test_an_anchor_is_that_of_github():
    assert anchor("Two-Class Logistic Regression") == "two-class-logistic-regression"
    assert anchor("Group and Summarise (SQL)") == "group-and-summarise-sql"
