"""Declaration of learners."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from sklearn.linear_model import Ridge

from pipelines.catalogue.invoke import call
from pipelines.catalogue.params import Range, Seed, Titles, When
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.shelf import Shelf
from pipelines.catalogue.signature import read
from pipelines.modelling.families.linear import FAMILY
from pipelines.modelling.learner import learner


@dataclass(frozen=True)
class Penalty:
    """A penalty.

    Args:
        l2_weight: How strong it is.
    """

    l2_weight: Annotated[float, Range(0)] = 0.5


@learner("Trial", task="regression", family=FAMILY)
def trial(
    *,
    penalty: Penalty,
    solver: Annotated[Literal["svd", "sag"], Titles(svd="Exact", sag="Stochastic")] = "svd",
    seed: Annotated[Seed | None, When("solver", "sag")] = Seed(0),
) -> Any:
    """Predict a number.

    Args:
        penalty: The penalty.
        solver: How.
        seed: Start of what is random.

    Returns:
        The learner.
    """
    return Ridge(penalty.l2_weight, solver=solver, random_state=seed)


MODULE = read(trial, "trial.trial", Shelf("Trial", order=1, hue=1))


def made(**settings):
    return call(MODULE, MODULE.function, {}, MODULE.read_settings(settings))["model"]


def test_a_group_of_settings_is_shown_as_its_settings():
    assert [(param.name, param.default, param.help) for param in MODULE.params] == [
        ("l2_weight", 0.5, "How strong it is."),
        ("solver", "svd", "How."),
        ("seed", 0, "Start of what is random."),
    ]
    assert [port.kind for port in MODULE.outputs] == ["untrained_model"]


def test_the_estimator_is_what_the_function_returns():
    untrained = made(l2_weight=2, solver="sag", seed=7)
    assert (untrained.name, untrained.task, untrained.family) == ("Trial", "regression", "linear")
    assert untrained.estimator.get_params().items() >= {"alpha": 2, "solver": "sag", "random_state": 7}.items()


def test_the_settings_that_matter_are_stored_as_they_are_shown():
    assert made().settings == {"l2_weight": 0.5, "solver": "Exact"}
    assert made(solver="sag", seed=3).settings == {"l2_weight": 0.5, "solver": "Stochastic", "seed": 3}


def test_an_empty_seed_is_drawn_where_it_matters():
    one, other = made(solver="sag", seed=None), made(solver="sag", seed=None)
    assert one.settings["seed"] == one.estimator.random_state != other.settings["seed"]
    assert made(seed=None).estimator.random_state is None


def test_its_columns_are_known_before_a_run():
    known = call(MODULE, MODULE.columns, {}, MODULE.read_settings({}))["model"]
    own = {"l2_weight": 0.5, "solver": "svd", "seed": 0}
    assert known == UntrainedModel(
        "Trial", "regression", None, "linear", {"l2_weight": 0.5, "solver": "Exact"}, "modelling.test_learner", own
    )


def test_the_values_of_all_settings_are_kept_to_make_it_again():
    assert made(l2_weight=2).arguments == {"l2_weight": 2, "solver": "svd", "seed": 0}
    drawn = made(solver="sag", seed=None)
    assert drawn.arguments["seed"] == drawn.settings["seed"]


def test_its_cache_key_names_the_libraries_of_its_family():
    assert set(FAMILY.libraries) <= MODULE.library_versions.keys()
