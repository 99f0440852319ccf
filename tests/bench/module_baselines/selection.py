"""The shelf Feature Selection beside scikit-learn, SciPy and LightGBM."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tests.bench.module_baselines.case import LEARNT, beside
from tests.bench.module_baselines.tables import full_numbers, late, learnt
from tests.support.module_runner import only


def to_grade(rows: int) -> pl.DataFrame:
    """Numbers and a class."""
    delay = pl.col("arr_delay")
    return full_numbers(rows).with_columns(
        grade=pl.when(delay < 0).then(pl.lit("early")).when(delay > 15).then(pl.lit("late")).otherwise(pl.lit("on time"))
    )


def forest(rows: int) -> Any:
    learner = only("regression.boosted_trees", {"trees": 20})
    return only("training.train_model", {"label": "arr_delay"}, untrained=learner, table=learnt(rows))


def logistic(rows: int) -> Any:
    learner = only("classification.two_class_logistic_regression")
    return only("training.train_model", {"label": "arr_delay"}, untrained=learner, table=late(rows))


@beside("selection.filter_based", {"label": "arr_delay", "features": 5}, variant="pearson", table=full_numbers)
def pearson(table: pl.DataFrame) -> pl.DataFrame:
    from sklearn.feature_selection import SelectKBest, f_regression  # noqa: PLC0415

    x = table.drop("arr_delay")
    found = SelectKBest(f_regression, k=5).fit(x.to_numpy(), table["arr_delay"].to_numpy())
    chosen = [x.columns[at] for at in np.argsort(-found.scores_)[:5]]
    return table.select(name for name in table.columns if name in chosen or name == "arr_delay")


@beside("selection.filter_based", {"label": "grade", "method": "anova", "features": 5}, variant="anova", table=to_grade)
def anova(table: pl.DataFrame) -> pl.DataFrame:
    from sklearn.feature_selection import SelectKBest, f_classif  # noqa: PLC0415

    x = table.drop("grade")
    found = SelectKBest(f_classif, k=5).fit(x.to_numpy(), table["grade"].to_numpy())
    chosen = [x.columns[at] for at in np.argsort(-found.scores_)[:5]]
    return table.select(name for name in table.columns if name in chosen or name == "grade")


@beside(
    "selection.filter_based",
    {"label": "arr_delay", "method": "mutual_information", "features": 3},
    variant="information",
    rows=LEARNT,
    table=learnt,
)
def information(table: pl.DataFrame) -> None:
    from sklearn.feature_selection import mutual_info_regression  # noqa: PLC0415

    x = table.drop("arr_delay").with_columns(pl.col(pl.String).rank("dense"))
    mutual_info_regression(
        x.to_numpy(),
        table["arr_delay"].to_numpy(),
        discrete_features=[table[name].dtype == pl.String for name in x.columns],
        random_state=0,
    )


@beside("selection.fisher_discriminant", {"label": "grade"}, table=to_grade)
def fisher(table: pl.DataFrame) -> None:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    made = make_pipeline(StandardScaler(), LinearDiscriminantAnalysis()).fit_transform(
        table.drop("grade").to_numpy(), table["grade"].to_numpy()
    )
    table.select("grade", LD1=made[:, 0], LD2=made[:, 1])


@beside("selection.pca", table=full_numbers)
def pca(table: pl.DataFrame) -> None:
    from sklearn.decomposition import PCA  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    made = make_pipeline(StandardScaler(), PCA(svd_solver="covariance_eigh")).fit_transform(table.to_numpy())[:, :2]
    pl.DataFrame({"PC1": made[:, 0], "PC2": made[:, 1]})


@beside("selection.permutation_importance", {"rows": 10_000}, rows=LEARNT, model=logistic, table=late)
def importance(model: Any, table: pl.DataFrame) -> None:
    from sklearn.inspection import permutation_importance  # noqa: PLC0415

    some = table.sample(10_000, seed=0) if table.height > 10_000 else table
    permutation_importance(
        model.estimator,
        some.drop("arr_delay").to_pandas(),
        some["arr_delay"].to_numpy().astype(str),
        scoring="roc_auc",
        n_repeats=5,
        random_state=0,
    )


@beside("selection.partial_dependence", {"feature": "dep_delay"}, rows=LEARNT, model=logistic, table=late)
def dependence(model: Any, table: pl.DataFrame) -> None:
    from sklearn.inspection import partial_dependence  # noqa: PLC0415

    some = table.sample(min(1000, table.height), seed=0).drop("arr_delay").with_columns(pl.col("dep_delay").cast(float))
    partial_dependence(model.estimator, some.to_pandas(), ["dep_delay"], grid_resolution=20, percentiles=(0.05, 0.95), kind="both")


@beside("selection.explain_predictions", {"rows": 10_000}, rows=LEARNT, model=forest, table=learnt)
def explanation(model: Any, table: pl.DataFrame) -> None:
    some = table.sample(min(10_000, table.height), seed=0).drop("arr_delay")
    found = model.estimator["learner"].predict(model.estimator["columns"].transform(some), pred_contrib=True)
    names = some.columns
    order = np.argsort(-np.abs(found[:, :-1]), axis=1)
    pl.DataFrame(
        {
            "row": np.repeat(np.arange(some.height), len(names)),
            "feature": np.array(names)[order.ravel()],
            "value": np.take_along_axis(found, order, 1).ravel(),
        }
    )
