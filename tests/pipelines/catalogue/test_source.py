"""The code that a module computes with."""

import itertools

import pytest

from pipelines.catalogue import transforms
from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.source import closure, digest

packages = (f"trial_package_{number}" for number in itertools.count())


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Writes files as a package of a name that was never imported; returns the name."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(**files):
        name = next(packages)
        for path, text in {"__init__": "", **files}.items():
            file = tmp_path / name / f"{path.replace('__', '/') if path != '__init__' else path}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text.replace("PACKAGE", name))
            if not (file.parent / "__init__.py").exists():
                (file.parent / "__init__.py").touch()
        return name

    return write


def names(package, module):
    return {each.removeprefix(f"{package}.") for each in closure(f"{package}.{module}") if each.startswith(package)}


@pytest.mark.parametrize(
    "code",
    [
        "from PACKAGE._shared import f",
        "from PACKAGE import _shared",
        "import PACKAGE._shared",
        "from ._shared import f",
        "from . import _shared",
        "def g():\n    from PACKAGE._shared import f\n",
    ],
)
def test_an_import_is_followed_wherever_it_is(package, code):
    made = package(a=code, _shared="def f(): return 1", b="x = 1")
    assert names(made, "a") == {"a", "_shared"} and names(made, "b") == {"b"}


def test_imports_are_followed_at_any_depth_and_in_circles(package):
    made = package(a="from PACKAGE._one import f", _one="from PACKAGE._two import f", _two="from PACKAGE import a\ndef f(): return 1")
    assert names(made, "a") == {"a", "_one", "_two"}


def test_a_package_that_is_imported_by_name_counts_whole(package):
    made = package(a="from PACKAGE.kinds import kinds", kinds__one="x = 1", kinds__two="x = 2", c="from PACKAGE.kinds import one")
    assert names(made, "a") == {"a", "kinds", "kinds.one", "kinds.two"}
    assert names(made, "c") == {"c", "kinds.one"}


def test_only_those_who_import_a_file_have_another_digest_when_it_changes(package):
    before, after = (package(a="from ._shared import f", b="y = 1", _shared=f"def f(): return {number}") for number in (1, 2))
    assert digest(f"{before}.a") != digest(f"{after}.a") and digest(f"{before}.b") == digest(f"{after}.b")


def test_comments_and_docstrings_do_not_count(package):
    plain = package(a="def f():\n    return 1\n")
    words = package(a='"""What it is."""\n\n# a comment\ndef f():\n    """What it does."""\n    return 1\n')
    assert digest(f"{plain}.a") == digest(f"{words}.a")


def test_declarations_are_not_code_that_a_result_depends_on():
    assert not closure("pipelines.modules.transform.select_columns") & {"pipelines.catalogue.module", "pipelines.catalogue.params"}


def test_apply_transformation_depends_on_every_fitted_transformation():
    catalogue()  # imports every module
    appliers = {name for function in transforms._appliers.values() if (name := function.__module__).startswith("pipelines.")}
    assert appliers and appliers <= closure("pipelines.modules.transform.apply_transformation")


def test_train_model_depends_on_every_family_and_task():
    found = closure("pipelines.modules.training.train_model")
    assert {"pipelines.modelling.families.lightgbm", "pipelines.modelling.tasks.two_class", "pipelines.modelling.encoders"} <= found
    assert not any(name.startswith("pipelines.modules.") and not name.startswith("pipelines.modules.training") for name in found)
