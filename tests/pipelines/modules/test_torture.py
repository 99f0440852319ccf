"""Every module on tables that are as bad as tables get: a result that can be stored, or a sentence that names place and remedy."""

import warnings
from functools import cache

import pytest

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.invoke import call
from pipelines.catalogue.kind import FileKind, kind_of_type
from pipelines.catalogue.module import LAZY, PROBE
from pipelines.catalogue.ports import TABLE, Table, Transform
from pipelines.execution.codecs import load, save
from pipelines.execution.output import describe
from pipelines.execution.store import LocalStore
from tests.pipelines.modules import examples
from tests.pipelines.modules.examples import Use, cars
from tests.pipelines.modules.torture import CHANGES, TORTURES, content, taken_names, unseen
from tests.support.module_runner import run

example = cache(examples.example)  # no module changes its inputs: test_every_module.py


def tortured():
    """The modules whose example has a table."""
    for id, module in sorted(catalogue().modules.items()):
        if not id.startswith("trial.") and any(port.kind == TABLE for port in module.inputs) and module.is_installed:
            use = example(module)
            if any(isinstance(value, Table) for values in use.inputs.values() for value in values):
                yield module


MODULES = list(tortured())
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.id)
SLOW = {  # longer than a second
    ("selection.permutation_importance", "10,000 categories"),
    ("text.convert_word_to_vector", "10,000 categories"),
    ("text.extract_key_phrases", "10,000 categories"),
    ("text.latent_dirichlet_allocation", "10,000 categories"),
    ("training.select_number_of_clusters", "10,000 categories"),
    ("transform.convert_to_indicator", "2,000 columns"),
    ("transform.count_features", "2,000 columns"),
    ("transform.group_rare_categories", "2,000 columns"),
}
# A search fits each learner some twenty times. Here it tries one: the trees, and linear models where trees would take 20 s of a processor.
# Train Best Model by Group searches both tables with linear models, and test_torture_learners.py trains trees on as many categories.
ONE_TRIAL = {
    ("training.train_best_model", "2,000 columns"): {"trials": 1, "learners": "boosted_trees"},
    ("training.train_best_model", "10,000 categories"): {"trials": 1, "learners": "linear"},
    ("training.train_best_model_by_group", "2,000 columns"): {"groups": ["engine-location"]},  # all but three rows are one group
}
# Their new columns hold values of the input as they are, what is no number among them.
HANDS_ON = {"transform.add_columns", "transform.derive_column", "transform.join", "transform.unpivot", "transform.window"}
CELLS = [
    pytest.param(module, name, marks=pytest.mark.slow if (module.id, name) in SLOW else (), id=f"{module.id}: {name}")
    for module in MODULES
    for name in TORTURES
]


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    return LocalStore(tmp_path_factory.mktemp("tortured"))


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: None)


def answer(module, use, store):
    """What a module gives, after a check that it can be stored and was foretold; None where it refuses in a sentence."""
    with warnings.catch_warnings(record=True) as noise:
        warnings.simplefilter("always")
        result = refusal = None
        try:
            result = run(module.id, use.settings, **use.inputs)
        except ModuleError as wrong:
            refusal = wrong
    assert not [str(warning.message) for warning in noise], "a library's warning is read by nobody: say it in the log"
    if refusal is not None:
        is_a_sentence(refusal)
        is_told_or_refused(module, use)
        return None
    assert result.keys() == {port.name for port in module.outputs}
    for value in result.values():
        comes_back(value, store)
    if module.id not in HANDS_ON:
        no_new_nan(use, result)
    told = is_told_or_refused(module, use)
    for port in told or {}:
        if isinstance(told[port], Table):
            assert describe(told[port]) == describe(result[port])
    return result


def is_a_sentence(wrong):
    assert wrong.words[-1] in ".?" and wrong.remedy, wrong.words
    if wrong.code == "script_failed":  # in the words of the user's code, with its line
        return
    assert wrong.column or wrong.port or wrong.param, f"it names no place: {wrong.words}"
    assert not any(sign in wrong.words for sign in ("Error:", "Traceback", "operation not supported", "casting from")), wrong.words


def comes_back(value, store):
    """It can be stored, and is the same when it is read."""
    if value is None:
        return
    output = save(value, store)
    back = load(output, store)
    if isinstance(value, Table):
        assert back.frame.equals(value.frame) and back.frame.schema == value.frame.schema
    elif isinstance(value, Transform):
        assert save(back, store).digest == output.digest
    else:
        assert isinstance(kind_of_type(type(back)), FileKind)


def no_new_nan(use, result):
    """What has no value is missing: NaN is there only where the input has it."""
    given = {name for values in use.inputs.values() for value in values if isinstance(value, Table) for name in value.frame.columns}
    for value in result.values():
        if isinstance(value, Table):
            for name, dtype in value.frame.schema.items():
                assert name in given or not dtype.is_float() or not value.frame[name].is_nan().any(), (
                    f"{name} has values that are no numbers"
                )


def is_told_or_refused(module, use):
    """The columns before the run, where the module has a rule; a refusal is in words too."""
    rule = module.function if module.columns is PROBE else module.columns
    if rule is None and not any(port.form in LAZY for port in module.inputs):
        return None
    empty = {
        port: [value.with_frame(value.frame.clear()) if isinstance(value, Table) else value for value in values]
        for port, values in use.inputs.items()
    }
    try:
        return call(module, rule or module.function, empty, module.read_settings(use.settings))
    except ModuleError as wrong:
        is_a_sentence(wrong)
        return None


@pytest.mark.parametrize(("module", "torture"), CELLS)
def test_it_answers(module, torture, store):
    use = TORTURES[torture](module, example(module))
    answer(module, Use({**use.settings, **ONE_TRIAL.get((module.id, torture), {})}, use.inputs), store)


@every_module
def test_it_answers_when_new_names_are_taken(module, store):
    use = example(module)
    made = [
        name for value in run(module.id, use.settings, **use.inputs).values() if isinstance(value, Table) for name in value.frame.columns
    ]
    answer(module, taken_names(dict.fromkeys(use.inputs, made))(module, use), store)


FITTING = [module for module in MODULES if any(port.kind == "transform" for port in module.outputs)]
APPLY = catalogue().modules["transform.apply_transformation"]


@cache
def fitted(id):
    """The transformation that a module fits on its example."""
    use = example(catalogue().modules[id])
    made = run(id, use.settings, **use.inputs)
    return next(value for value in made.values() if isinstance(value, Transform)), use


@pytest.mark.parametrize("torture", CHANGES)
@pytest.mark.parametrize("module", FITTING, ids=lambda module: module.id)
def test_what_it_fitted_is_applied_to_other_rows(module, torture, store):
    transform, use = fitted(module.id)
    other = TORTURES[torture](module, use) if torture in TORTURES else content(unseen)(module, use)
    table = next(value for values in other.inputs.values() for value in values if isinstance(value, Table))
    answer(APPLY, Use({}, {"transform": [transform], "table": [table]}), store)


@pytest.mark.parametrize("id", ["scoring.score_model", "selection.explain_predictions", "selection.permutation_importance"])
def test_a_model_meets_values_that_it_has_never_seen(id, store):
    module = catalogue().modules[id]
    assert answer(module, content(unseen)(module, example(module)), store)
    assert cars().frame["make"].n_unique() > 1
