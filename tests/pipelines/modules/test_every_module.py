"""What holds for every module, whoever wrote it."""

import inspect
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.kind import kind_of_type
from pipelines.catalogue.module import LAZY, PROBE
from pipelines.catalogue.params import ParamKind
from pipelines.catalogue.ports import Model, Table, UntrainedModel
from pipelines.execution.output import describe
from pipelines.kinds.bundle import Bundle
from pipelines.kinds.model import save_model
from pipelines.kinds.recommender import KIND, Recommender
from tests.pipelines.modules import examples
from tests.support.module_runner import ROOT, run, stored

MODULES = [module for id, module in sorted(catalogue().modules.items()) if not id.startswith("trial.")]
HEAVY = ("sklearn", "lightgbm", "duckdb", "scipy", "skops", "pandas", "torch")
# Outputs that tell how many seconds something took.
TIMED = dict.fromkeys(("training.train_best_model", "forecasting.train_best_forecaster"), ("leaderboard", "report"))
example = cache(examples.example)  # no module changes its inputs: a test below
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)
every_file = pytest.mark.parametrize("module", [module for module in MODULES if not module.loads], ids=lambda module: module.id)


def run_example(module):
    made = examples.example(module)
    return run(module.id, made.settings, **made.inputs)


results = cache(run_example)


def content(value, tmp_path):
    """A value as bytes that are equal when it is."""
    match value:
        case Table():
            return value.frame.write_ipc(None, compression="uncompressed").getvalue(), describe(value)
        case Model() | UntrainedModel():
            save_model(value, tmp_path / "model")
            return (tmp_path / "model").read_bytes(), getattr(value, "report", None)
        case Recommender():
            KIND.write(value, tmp_path / "recommender")
            return (tmp_path / "recommender").read_bytes(), value.report
        case Bundle():
            return sorted(value.files.items())
    kind_of_type(type(value)).write(value, tmp_path / "value")
    return (tmp_path / "value").read_bytes()


@every_module
def test_it_says_what_it_does(module):
    assert module.summary.endswith("."), "the docstring starts with a sentence"
    assert module.title and module.title != module.id
    assert all(port.help.endswith(".") for port in (*module.inputs, *module.outputs)), "every port is explained"
    assert all(param.help.endswith(".") for param in module.params), "every setting is explained"


@every_file
def test_its_id_is_its_path(module):
    assert inspect.getmodule(inspect.unwrap(module.function)).__doc__.startswith(f"{module.title}: "), "the file says its title and purpose"
    file = Path(inspect.getfile(inspect.unwrap(module.function)))
    assert module.id == f"{file.parent.name}.{file.stem}"
    assert module.function.__name__ == file.stem


@every_file
def test_it_has_a_test_of_its_own(module):
    shelf, name = module.id.split(".")
    assert (ROOT / "tests" / "pipelines" / "modules" / shelf / f"test_{name}.py").exists()


@every_module
def test_its_defaults_keep_their_own_rules(module):
    for param in module.params:
        if not param.required and param.default is not None:
            param.read(json.loads(json.dumps(param.default)))
        assert param.required or param.default is not None or param.nullable
        assert param.shown_when is None or module.param(param.shown_when.param) is not None
        assert param.port is None or module.input(param.port).kind == "table"


def test_listing_the_modules_loads_no_heavy_library():
    code = (
        f"import sys; from pipelines.catalogue.palette import palette; palette(); print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"


@every_module
def test_its_example_runs(module):
    assert results(module).keys() == {port.name for port in module.outputs}


@every_module
def test_its_inputs_are_left_as_they_were(module, tmp_path):
    made = examples.example(module)  # new ones: a change that is made once only is seen
    before = [content(value, tmp_path) for values in made.inputs.values() for value in values]
    run(module.id, made.settings, **made.inputs)
    assert [content(value, tmp_path) for values in made.inputs.values() for value in values] == before


@every_module
def test_the_same_again_gives_the_same_bytes(module, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "pipelines.catalogue.items.time", SimpleNamespace(perf_counter=lambda: 0.0)
    )  # a search shows the seconds of its trials
    first, second = run_example(module), run_example(module)
    for port in TIMED.get(module.id, ()):
        del first[port], second[port]
    assert [content(value, tmp_path) for value in first.values()] == [content(value, tmp_path) for value in second.values()]


@every_module
def test_tables_without_rows_are_answered(module):
    """It gives tables, or says in a sentence why it cannot."""
    made = example(module)
    empty = {
        port: [value.with_frame(value.frame.clear()) if isinstance(value, Table) else value for value in values]
        for port, values in made.inputs.items()
    }
    try:
        run(module.id, made.settings, **empty)
    except ModuleError as wrong:
        assert wrong.words.endswith(".") and wrong.remedy


@every_module
def test_the_columns_told_before_running_are_those_that_come_out(module):
    made = example(module)
    rule = module.function if module.columns is PROBE else module.columns
    if rule is None and not any(port.form in LAZY for port in module.inputs):
        return  # it says that it cannot tell
    settings = module.read_settings(made.settings)
    settings |= {param.name: stored(param, settings[param.name]) for param in module.params if param.kind is ParamKind.DATASET}
    empty = {
        port: [value.with_frame(value.frame.clear()) if isinstance(value, Table) else value for value in values]
        for port, values in made.inputs.items()
    }
    told = call(module, rule or module.function, empty, settings)
    real = results(module)
    for port in module.outputs:
        if isinstance(told[port.name], Table):
            assert describe(told[port.name]) == describe(real[port.name])


@every_module
def test_its_table_outputs_are_told_before_running_where_it_can(module):
    known = {
        "data.import_data",
        "transform.apply_transformation",
        "transform.convert_to_indicator",
        "script.python",
        "script.r",
    }  # what comes out depends on values
    if any(port.kind == "table" for port in module.outputs) and module.id not in known:
        assert module.columns is not None or any(port.form in LAZY for port in module.inputs)


@every_module
def test_a_column_that_is_not_there_is_named_with_its_place_and_a_remedy(module):
    made = example(module)
    for param in module.params:
        if param.kind not in (ParamKind.COLUMN, ParamKind.COLUMNS):
            continue
        wrong_name = "Make" if param.kind is ParamKind.COLUMN else ["Make"]
        when = param.shown_when
        used = {when.param: when.values[0]} if when and made.settings.get(when.param) not in when.values else {}
        with pytest.raises(ModuleError) as caught:
            run(module.id, made.settings | used | {param.name: wrong_name}, **made.inputs)
        assert (caught.value.column, caught.value.param, caught.value.port) == ("Make", param.name, param.port)
        assert "make" in caught.value.remedy


@every_module
def test_roles_go_with_their_columns(module):
    """A module that hands its columns on hands on what they are for."""
    made = example(module)
    marked = {
        port: [
            value.with_role("make", categorical=True) if isinstance(value, Table) and "make" in value.frame.columns else value
            for value in values
        ]
        for port, values in made.inputs.items()
    }
    for value in run(module.id, made.settings, **marked).values():
        if made.inputs and isinstance(value, Table) and "make" in value.frame.columns and module.inputs[0].kind == "table":
            assert value.role("make").categorical


@every_module
def test_its_fingerprint_names_libraries_that_are_there(module):
    assert len(module.source) == 64
    assert all(module.library_versions.values())


@every_module
def test_a_frame_without_columns_is_answered(module):
    if not any(port.kind == "table" for port in module.inputs):
        return
    made = example(module)
    bare = {
        port: [Table(pl.DataFrame()) if isinstance(value, Table) else value for value in values] for port, values in made.inputs.items()
    }
    try:
        run(module.id, made.settings, **bare)
    except ModuleError as wrong:
        assert wrong.words and wrong.remedy
