"""The files that a script holds: all that its modules need, under another name, and no other module."""

from __future__ import annotations

import ast

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.export.bundle import PACKAGE, renamed, requirements, sources

TEXT = '''"""pipelines is a word here."""
import pipelines.graph.model
from pipelines.catalogue import errors
from sklearn import linear_model

NAME, OTHER, WORDS = "pipelines.modules", "pipelinesque", "pipelines are drawn"
'''


def test_imports_and_names_of_modules_get_the_other_name_and_prose_does_not() -> None:
    text = renamed(TEXT)
    assert f"import {PACKAGE}.graph.model\nfrom {PACKAGE}.catalogue import errors\nfrom sklearn" in text
    assert f'"{PACKAGE}.modules", "pipelinesque", "pipelines are drawn"' in text and '"""pipelines is a word here."""' in text


def test_a_place_after_letters_of_several_bytes_is_found() -> None:
    assert renamed('é = "ü"; x = "pipelines.a"') == f'é = "ü"; x = "{PACKAGE}.a"'


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return sources([catalogue().modules["transform.split_data"]], nested=False, parameters=False)


def test_only_the_modules_that_are_called_are_in_it(files: dict[str, str]) -> None:
    called = [path for path in files if path.startswith(f"{PACKAGE}/modules/") and not path.endswith("__init__.py")]
    assert f"{PACKAGE}/modules/transform/split_data.py" in called
    assert not [path for path in called if "/transform/" not in path]
    assert not [path for path in files if "/runtime/" in path or "/models/" in path or "designer" in path]


def test_no_file_imports_the_project_or_a_file_that_is_not_in_it(files: dict[str, str]) -> None:
    for path, text in files.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                top, *rest = (node.module or "").split(".")
                assert top not in ("pipelines", "designer"), path
                if top == PACKAGE:
                    inside = "/".join([PACKAGE, *rest])
                    assert f"{inside}.py" in files or f"{inside}/__init__.py" in files, (path, node.module)


def test_what_the_code_of_people_imports_is_pinned_too(files: dict[str, str]) -> None:
    code = [
        "import os, unheard_of\n\ndef main(first):\n    from lightgbm import LGBMRegressor\n    return first\n",
        "no Python at all",
        "-" * 100_000 + "1",
        "1" + ".real" * 50_000,
    ]
    more = {*requirements(files, [], code=code)} - {*requirements(files, [])}
    assert [each.partition("==")[0] for each in more] == ["lightgbm"]


def test_the_label_of_a_build_is_not_pinned(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.export.bundle.version", lambda name: "2.13.0+cpu")
    assert "polars==2.13.0" in requirements(files, [])


def test_what_is_imported_and_what_modules_declare_is_pinned(files: dict[str, str]) -> None:
    needs = requirements(files, [catalogue().modules["transform.split_data"], catalogue().modules["regression.linear_regression"]])
    names = {each.partition("==")[0] for each in needs}
    assert {"polars", "msgspec", "scikit-learn"} <= names and "django" not in names
    assert all(each.partition("==")[2] for each in needs)


def test_packages_are_complete_also_where_modules_call_others() -> None:
    files = sources([catalogue().modules["training.cross_validate"]], nested=True, parameters=True)
    assert f"{PACKAGE}/validation/complete.py" in files and f"{PACKAGE}/graph/parameters.py" in files


def test_what_a_module_imports_when_it_is_called_is_pinned_too() -> None:
    called = [catalogue().modules["recommendation.train_svd_recommender"]]
    needs = requirements(sources(called, nested=False, parameters=False), called)
    assert "threadpoolctl" in {each.partition("==")[0] for each in needs}
