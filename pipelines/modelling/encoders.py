"""Encoders: feature columns to the matrix that a learner is fitted on. Library classes only, so that skops can store them and others can use them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from pipelines.modelling.features import PROSE, calendar_columns, kind_named
from pipelines.modelling.prose import learns_words, word_names, word_steps

MOST_CATEGORIES = 100
TEXT_STEPS = ("texts", "many_texts")
TEXT_MEANS = "text_means"
MEANS = "numbers_or_mean"  # the step that fills missing numbers with the mean without a mark, whether training had gaps or not
NAN = float("nan")
# How numbers are scaled where distances are computed: the titles of a setting's choices, as a learner's settings hold them.
Z_SCORE, MIN_MAX, UNSCALED = "Mean 0, standard deviation 1", "0 to 1", "None"


def one_hot_columns(frame: pl.DataFrame, features: Sequence[tuple[str, str]], settings: Mapping[str, Any], *, topics: bool = True) -> Any:
    """Return an encoder to scaled numbers and one-hot columns of texts and of the parts of dates; gaps in numbers are filled and marked.

    Numbers are not scaled when the learner's setting `normalize` is off. Of prose there are columns of topics, or of words.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers, years, seasons, texts = _kinds(frame, features)
    scale = [("scale", StandardScaler())] if settings.get("normalize", True) else []
    scaled = Pipeline([("impute", SimpleImputer(add_indicator=True)), *scale])
    steps: list[tuple[str, Any, list[str]]] = [
        ("numbers", scaled, numbers + years),
        ("calendar", OneHotEncoder(handle_unknown="ignore"), seasons),
    ]
    texts_and_words = *_text_steps(frame, texts), *word_steps(frame, features, topics=topics)
    return ColumnTransformer([step for step in (*steps, *texts_and_words) if step[2]], verbose_feature_names_out=False)


def distance_columns(frame: pl.DataFrame, features: Sequence[tuple[str, str]], settings: Mapping[str, Any]) -> Any:
    """Return an encoder for learners that compare rows by distances: numbers and days since 1970, scaled as `scaling` says, and one-hot columns of texts.

    A missing number is the mean. Neither marks of gaps nor parts of dates are added, since each further column pulls rows apart.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    scaler = {Z_SCORE: StandardScaler, MIN_MAX: MinMaxScaler, UNSCALED: None}[settings.get("scaling", Z_SCORE)]
    scaled = Pipeline([("impute", SimpleImputer()), *([("scale", scaler())] if scaler else [])])
    texts = [column for column, dtype in features if kind_named(dtype) == "text" and dtype != PROSE]
    numbers = [column for column, dtype in features if kind_named(dtype) != "text"]
    steps = [(MEANS, scaled, numbers), *_text_steps(frame, texts), *word_steps(frame, features)]
    return ColumnTransformer([step for step in steps if step[2]], verbose_feature_names_out=False)


def code_columns(frame: pl.DataFrame, features: Sequence[tuple[str, str]], *, whole: bool = False, means: bool = False) -> Any:
    """Return an encoder to numbers as they are and texts as the number of their category, by the steps TEXT_STEPS. Missing and unknown texts are NaN.

    With `whole` the codes are whole numbers, missing and unknown texts are -1, no category is lumped, and the matrix is a polars frame.

    With `means` a further column for each text, by the step TEXT_MEANS, is the mean of the label in its category, shrunk to that of all rows where it
    has few; in training that of other rows (scikit-learn's TargetEncoder). A missing or unknown text has the mean of all rows.

    Where no number is missing the mean stands for one that is missing later: LightGBM, which has learned nothing of gaps there, would take it for 0.
    The categories are named, for the encoder would take the missing text None of a polars frame for one.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.preprocessing import OrdinalEncoder, TargetEncoder

    numbers, years, seasons, texts = _kinds(frame, features)
    numbers += years + seasons
    gaps = [name for name in numbers if frame[name].null_count()]
    steps: list[tuple[str, Any, list[str]]] = [
        ("numbers", SimpleImputer(), [name for name in numbers if name not in gaps]),
        ("numbers_with_gaps", "passthrough", gaps),
    ]
    categories = {name: frame[name].drop_nulls().unique().sort().to_list() for name in texts}
    for many in (False, True):
        group = [name for name in texts if (len(categories[name]) > MOST_CATEGORIES) is many]
        known = [categories[name] for name in group]
        codes = (
            {"unknown_value": -1, "dtype": "int64"}
            if whole
            else {"unknown_value": NAN, "max_categories": MOST_CATEGORIES if many else None}
        )
        steps.append((TEXT_STEPS[many], OrdinalEncoder(categories=known, handle_unknown="use_encoded_value", **codes), group))
    if means:
        steps.append((TEXT_MEANS, TargetEncoder(categories=[categories[name] for name in texts], random_state=0), texts))
    words = list(word_steps(frame, features, named=whole))
    columns = ColumnTransformer([step for step in steps if step[2]], verbose_feature_names_out=whole and bool(words))
    if whole:
        columns.set_output(transform="polars")  # which a step that counts words does not take
    columns.transformers += words
    return columns


def fitted_columns(columns: Any, learner: Any, frame: pl.DataFrame, y: Any) -> Any:
    """Fit an encoder for a learner that is to predict `y`, and return the matrix of the rows."""
    from sklearn.base import is_regressor

    if is_regressor(learner) and any(name == TEXT_MEANS for name, *_ in getattr(columns, "transformers", ())):
        columns.set_params(**{f"{TEXT_MEANS}__target_type": "continuous"})  # a label of whole numbers would be taken for classes
    return columns.fit_transform(frame, y)


def matrix_names(columns: Any, *, topics_apart: bool = True) -> list[str]:
    """Return the names of the columns of the matrix. Topics of a column of prose are numbered, or all have one name."""
    if not hasattr(columns, "transformers_"):
        return [str(name) for name in columns.get_feature_names_out()]
    steps = [step for step in columns.transformers_ if step[0] != "remainder" and len(step[2])]
    return [name for step, fitted, names in steps for name in _names(step, fitted, names, topics_apart)]


def _names(step: str, fitted: Any, names: Any, topics_apart: bool) -> list[str]:
    """The names of the columns that a step makes."""
    if learns_words(fitted, names):
        return word_names(fitted, names, topics_apart=topics_apart)
    if step == TEXT_MEANS:
        classes = [f", {name}" for name in fitted.classes_] if fitted.target_type_ == "multiclass" else [""]
        return [f"{name} (mean of the label{of})" for name in names for of in classes]
    return list(names) if fitted == "passthrough" else [str(name) for name in fitted.get_feature_names_out(names)]


def category_places(columns: Any) -> list[int]:
    """Return the places of category codes in the matrix of `code_columns`."""
    return [
        place for name in TEXT_STEPS if name in columns.output_indices_ for place in range(*columns.output_indices_[name].indices(10**9))
    ]


def origins(columns: Any) -> list[str] | None:
    """Return of each column of the matrix the column of the frame that it is made of; None for a transformer that is built otherwise."""
    if not hasattr(columns, "transformers_"):  # such as that of a learner whose parts encode for themselves
        return None
    found: list[str] = []
    for name, step, names in columns.transformers_:
        if name == "remainder" or not len(names):
            continue
        if (own := _made_of(step, names)) is None:
            return None
        place = columns.output_indices_[name]
        if place != slice(len(found), len(found) + len(own)):
            return None
        found += own
    return found


def _made_of(step: Any, chosen: Any) -> list[str] | None:
    """The columns that those of one step's output are made of: first a column for each number, then the marks of gaps; the categories of each text."""
    if isinstance(chosen, str):
        return [chosen] * len(word_names(step, chosen)) if learns_words(step, chosen) else None
    names: list[str] = list(chosen)
    parts = list(dict(step.steps).values()) if hasattr(step, "steps") else [step]
    last = parts[-1]
    if hasattr(last, "target_mean_"):  # of several classes a mean for each
        return [name for name in names for _ in range(len(last.classes_) if last.target_type_ == "multiclass" else 1)]
    if hasattr(last, "categories_"):
        if hasattr(last, "unknown_value"):
            return names
        rare = getattr(last, "infrequent_categories_", None) or [None] * len(names)
        sizes = [len(known) - (0 if lumps is None else len(lumps) - 1) for known, lumps in zip(last.categories_, rare, strict=True)]
        return [name for name, size in zip(names, sizes, strict=True) for _ in range(size)]
    marks = getattr(parts[0], "indicator_", None)
    return names + ([] if marks is None else [names[place] for place in marks.features_])


def encoders_of(estimator: Any) -> Iterator[Any]:
    """Yield the fitted transformer of a model's pipeline; of a model that is made of others those of its parts."""
    steps = getattr(estimator, "named_steps", {})
    if hasattr(steps.get("columns"), "transformers_"):
        yield steps["columns"]
        return
    learner = steps.get("learner", estimator)
    calibrated = [each.estimator for each in getattr(learner, "calibrated_classifiers_", ())]
    for part in [*getattr(learner, "estimators_", ()), *calibrated, *filter(None, [getattr(learner, "regressor_", None)])]:
        yield from encoders_of(part)


def lumped(columns: Any) -> dict[str, list[str]]:
    """The texts that share one category with others, by column of a fitted transformer."""
    found: dict[str, list[str]] = {}
    for _, step, names in columns.transformers_:
        encoder = step[-1] if hasattr(step, "steps") else step
        for name, rare in zip(names, getattr(encoder, "infrequent_categories_", None) or (), strict=False):
            if rare is not None:
                found[name] = list(rare)
    return found


def _text_steps(frame: pl.DataFrame, texts: Sequence[str]) -> list[tuple[str, Any, list[str]]]:
    """Steps to one-hot columns of texts."""
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OneHotEncoder

    steps: list[tuple[str, Any, list[str]]] = []
    many = {text for text in texts if frame[text].n_unique() > MOST_CATEGORIES}
    few, most = {"handle_unknown": "ignore"}, {"handle_unknown": "infrequent_if_exist", "max_categories": MOST_CATEGORIES}
    for name, lumps in (
        ("texts", few),
        ("many_texts", most),
    ):  # where nothing is lumped nothing need be counted, which takes most of the time
        group = [text for text in texts if (text in many) is (lumps is most)]
        gaps = [text for text in group if frame[text].null_count()]
        steps.append((name, OneHotEncoder(**lumps), [text for text in group if text not in gaps]))
        steps.append((f"{name}_with_gaps", Pipeline([*_filled(frame, gaps), ("one_hot", OneHotEncoder(**lumps))]), gaps))
    return steps


def _kinds(frame: pl.DataFrame, features: Sequence[tuple[str, str]]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Numbers; of dates the years and the parts that come again each year, week or day, where they vary; texts."""
    numbers: list[str] = []
    years: list[str] = []
    seasons: list[str] = []
    texts: list[str] = []
    for column, dtype in features:
        if dtype == PROSE:
            continue
        (texts if kind_named(dtype) == "text" else numbers).append(column)
        for part, name in calendar_columns(column, dtype).items():
            if frame[name].n_unique() > 1:
                (years if part == "year" else seasons).append(name)
    return numbers, years, seasons, texts


def _filled(frame: pl.DataFrame, columns: Sequence[str]) -> list[tuple[str, Any]]:
    """Steps that make missing texts a category, whether they arrive as NaN (pandas) or as None (polars)."""
    from sklearn.impute import SimpleImputer

    name = "(missing)"
    while any((frame[column] == name).any() for column in columns):
        name = f"({name})"
    return [
        (step, SimpleImputer(missing_values=gap, strategy="constant", fill_value=name))
        for step, gap in (("no_nan", NAN), ("no_none", None))
    ]
