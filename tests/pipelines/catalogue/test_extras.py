"""Extras: what each brings, and how a module says that its own is missing."""

import re
import subprocess
import sys
from dataclasses import replace

import msgspec
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.extras import command, is_installed
from pipelines.catalogue.palette import Module
from pipelines.modelling.families import families, libraries
from tests.support.module_runner import ROOT

FILES = {file.stem: file for file in (ROOT / "extras").iterdir()}
OF_A_SETTING = {"s3", "ray", "onnx"}  # of one choice of a setting, of the store, of where items are executed, or of files of models


def names(file):
    return set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?==\S+$", file.read_text(), re.MULTILINE))


def test_every_module_of_an_extra_finds_its_libraries_in_its_file():
    base, found = names(ROOT / "requirements.txt"), {}
    for module in catalogue().modules.values():
        if module.extra:
            found.setdefault(module.extra, set()).update(set(module.libraries) - base)
    assert found.keys() == FILES.keys() - OF_A_SETTING, "each file is the extra of some module"
    for extra, needed in found.items():
        assert needed and needed <= names(FILES[extra]), f"{extra} pins what its modules need"


@pytest.mark.slow
def test_whether_a_library_is_installed_is_known_without_importing_it():
    code = (
        "import sys; from pipelines.catalogue.palette import palette; palette();"
        "print([name for name in ('xgboost', 'catboost', 'pandas', 'packaging') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"
    assert is_installed("polars") and not is_installed("no-such-library")


def test_a_module_without_its_extra_is_listed_with_the_command_that_brings_it():
    split = catalogue().modules["transform.split_data"]
    assert split.is_installed and Module.of(split).extra is None
    lacking = replace(split, extra="moonshine", libraries=("polars", "no-such-library"))
    assert not lacking.is_installed and list(lacking.library_versions) == ["polars"], "its key can be computed all the same"
    shown = msgspec.to_builtins(Module.of(lacking))["extra"]
    assert (
        shown == {"name": "moonshine", "installed": False, "command": "make run EXTRAS=moonshine"}
        and command("moonshine") == shown["command"]
    )
    assert replace(lacking, libraries=("polars",)).is_installed


def test_an_extra_that_is_installed_later_leaves_earlier_models_as_they_are():
    """What uses models of all families names the libraries of no extra; the models of an extra name them instead."""
    own = {library for family in families().values() if family.extra for library in family.libraries}
    assert {"xgboost-cpu", "catboost"} <= own
    assert {"xgboost-cpu", "catboost"}.isdisjoint(libraries())
