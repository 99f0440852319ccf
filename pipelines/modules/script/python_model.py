"""Create Python Model: a class with fit and predict as a learner."""

from __future__ import annotations

from typing import Annotated, Literal

from pipelines.catalogue.errors import UNFORESEEN, ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import Code, Seed, Title, Titles
from pipelines.catalogue.ports import UntrainedModel
from pipelines.modelling.families.scripted import AS_THEY_ARE, FAMILY
from pipelines.modelling.user_code import noting, told

TITLE = "Create Python Model"
BEGINNING = """\
from sklearn.ensemble import ExtraTreesRegressor


class Model:
    def fit(self, X, y):
        self.trees = ExtraTreesRegressor(random_state=0).fit(X, y)

    def predict(self, X):
        return self.trees.predict(X)
"""
Task = Literal["regression", "multi_class"]
Features = Literal["encoded", "columns"]
FEATURES = {"encoded": "Encoded as numbers", "columns": AS_THEY_ARE}


def _before(*, task: Task, **_: object) -> UntrainedModel:
    return UntrainedModel(TITLE, task, None, FAMILY.name)


@module(
    TITLE,
    icon="code",
    columns=_before,
    aliases=("custom model", "own estimator", "sklearn", "scikit-learn", "fit predict", "script"),
    libraries=FAMILY.libraries,
    runs_code=True,
)
def python_model(
    *,
    task: Annotated[Task, Title("Predicts"), Titles(regression="A number", multi_class="A class")] = "regression",
    features: Annotated[Features, Title("Features"), Titles(**FEATURES)] = "encoded",
    tables: Annotated[Literal["pandas", "polars"], Title("DataFrame library"), Titles(polars="Polars", pandas="pandas")] = "pandas",
    seed: Seed | None = Seed(0),
    code: Annotated[str, Code("python")] = BEGINNING,
) -> UntrainedModel:
    """Use a Python class as a learner.

    The script defines a class with "fit(self, X, y)" and "predict(self, X)", as in scikit-learn; "train" may stand for "fit". If it defines several
    such classes, the one named Model is taken. X is a DataFrame of the features that Train Model chose, y the values of the label. "predict" returns
    one value for each row: an array, a list, a Series, or a DataFrame with a column "Scored Labels". For classes, "predict_proba(self, X)" returns a
    column for each class, in sorted order or in that of an attribute classes_; for two classes, the probability of the second is enough, also as a
    column "Scored Probabilities" of predict. Without it, the predicted class has probability 1. A parameter sample_weight of fit gets row weights.

    The model works with Train Model, Score Model, Evaluate Model and all modules that take a model. Encoded features are numbers without gaps,
    scaled, with a column for each category, as for linear models. Columns as they are have text, gaps, and dates as days since 1970 with their parts.

    Whatever runs code of the script runs in a sandbox: this module, training and scoring. The fitted object is stored as bytes of pickle beside the
    code, and is opened in a sandbox only. It must not hold what pickle cannot store, such as a lambda or an open file.

    When to use:
        For a learner that no module offers, trained, scored and evaluated like the others.

    Args:
        task: Whether the model predicts a number or a class. Of a label with two values, a class model becomes a two-class model.
        features: What fit and predict get.
        tables: The library of the DataFrames.
        seed: The seed given to random and numpy.random before fit; if empty, another one at each run.
        code: The script.

    Returns:
        The untrained model.
    """
    from secrets import randbelow

    from pipelines.modelling.scripted import ScriptedModel, model_class

    try:
        with noting():
            name = model_class(code).__name__
    except (ModuleError, MemoryError):
        raise
    except UNFORESEEN as wrong:
        raise told(wrong) from wrong
    chosen = randbelow(2**32) if seed is None else int(seed)
    settings = {"class": name, "features": FEATURES[features], "seed": chosen}
    return UntrainedModel(TITLE, task, ScriptedModel(code, task, tables, chosen), FAMILY.name, settings)
