"""What a version predicts: a number, classes with or without their probabilities, or clusters; and what its run has found on rows with a label."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import isnan
from typing import Any, Literal, NamedTuple

import msgspec

from pipelines.catalogue.phrases import class_text
from pipelines.catalogue.ports import Table
from pipelines.modelling.features import LABELS
from pipelines.monitoring.tally import text_of

MOST_CLASSES = 500
Kind = Literal["two_class", "multi_class", "classes", "clusters", "numbers"]
CLASSES, CLUSTERS = ("two_class", "multi_class"), "clustering"  # tasks of models


class Figure(NamedTuple):
    """A figure of predictions with truth; its key is that of Evaluate Model where that has it."""

    key: str
    title: str
    better: Literal["low", "high", "zero"]


ACCURACY, MACRO = Figure("accuracy", "Accuracy", "high"), Figure("f1_macro", "F1, macro", "high")
FIGURES: Mapping[Kind, tuple[Figure, ...]] = {
    "two_class": (
        ACCURACY,
        Figure("auc", "AUC", "high"),
        Figure("log_loss", "Log loss", "low"),
        Figure("precision", "Precision", "high"),
        Figure("recall", "Recall", "high"),
        Figure("f1", "F1", "high"),
    ),
    "multi_class": (ACCURACY, MACRO, Figure("log_loss", "Log loss", "low")),
    "classes": (ACCURACY, MACRO),
    "clusters": (ACCURACY, MACRO),
    "numbers": (
        Figure("mean_absolute_error", "Mean absolute error", "low"),
        Figure("root_mean_squared_error", "Root mean squared error", "low"),
        Figure("r2", "R²", "high"),
        Figure("bias", "Bias", "zero"),
    ),
}


class Target(msgspec.Struct, frozen=True):
    """What a version predicts.

    Args:
        kind: Which figures it has.
        chances: The answer's column with the probability of a class, by class; of two classes the positive one alone.
        classes: The classes or clusters that its run knew, as text, at most 500.
    """

    kind: Kind
    chances: dict[str, str] = {}
    classes: tuple[str, ...] = ()

    @property
    def positive(self) -> str:
        """The positive one of two classes."""
        return next(iter(self.chances))


class Classes:
    """Finds the class of a value that people or programs give: by its text, else as a number, where yes is 1 and no is 0."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_text = {name: name for name in names}
        self._by_number = {number: name for name in self._by_text if (number := _number(YES_NO.get(name, name))) is not None}

    def __call__(self, value: Any) -> str:
        """Return the class as text; the value itself as text if it is none of the classes."""
        text = text_of(value)
        if text in self._by_text:
            return text
        number = _number(value)
        return text if number is None else self._by_number.get(number, text)

    def knows(self, name: str) -> bool:
        """Whether a class is one of them."""
        return name in self._by_text


YES_NO = {"true": "1", "false": "0"}


def prediction_in(columns: Collection[str]) -> str | None:
    """The column of an answer that holds the prediction: Scored Labels, else the first."""
    return LABELS if LABELS in columns else next(iter(columns), None)


def predicted(answer: Any) -> Any:
    """The prediction in an answer."""
    return answer.get(prediction_in(answer)) if isinstance(answer, dict) else answer


def counted_as(target: Target, types: Mapping[str, str]) -> dict[str, str]:
    """The types as which the columns of an answer are counted: a class or a cluster is no number, also where its name is one."""
    named = None if target.kind == "numbers" else prediction_in(types)
    return {name: "text" if name == named and name not in target.chances.values() else type for name, type in types.items()}


def target_by_type(types: Mapping[str, str]) -> Target:
    """What answers predict whose columns have these types of a signature, where nothing else is known of them."""
    return Target("numbers" if predicted(dict(types)) in ("integer", "number") else "classes")


def target_of(scored: Table, types: Mapping[str, str]) -> Target:
    """What a version predicts, by the roles of the columns that its run has scored.

    Args:
        scored: The rows that the run scored.
        types: The type of each column of an answer, in the signature.
    """
    scores = [column for column in scored.columns_with("score") if column in types]
    if not scores:
        return target_by_type(types)
    last = scored.role(scores[-1])
    own = {column: role for column in scores if (role := scored.role(column)).model == last.model and role.task == last.task}
    chances = {role.positive: column for column, role in own.items() if role.positive}
    named = prediction_in(types)
    if last.task == CLUSTERS and named in own and types[named] == "integer":
        return Target("clusters", {}, _sorted(_names(scored, named)))
    names = {*chances, *(name for column in (*scored.columns_with("label"), LABELS) for name in _names(scored, column))}
    if not chances:
        return Target("classes", {}, _sorted(names)) if last.task in CLASSES and named == LABELS else target_by_type(types)
    return Target("two_class" if len(chances) == 1 else "multi_class", chances, _sorted(names))


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(names)[:MOST_CLASSES])


def _names(scored: Table, column: str) -> Sequence[str]:
    return class_text(scored.frame[column].drop_nulls().unique()).to_list() if column in scored.frame.columns else ()


def _number(value: Any) -> float | None:
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return None if isnan(found) else found
