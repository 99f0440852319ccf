"""What a file gives of a model, before what was asked for is laid beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.exchange.asked import Asked, Feature

SIGNATURE_REMEDY = "Give the inputs in the order of the model, with their types, or correct them."


@dataclass
class Found:
    """A model as a file has it.

    `features` are its inputs, `categories` the texts that inputs had in training, `notes` what was taken from where, and `threshold` that
    of two classes, where the file says one.
    """

    estimator: Any
    title: str
    task: str
    features: Sequence[Feature]
    classes: tuple[str, ...] | None = None
    label: str = ""
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    threshold: float | None = None


def agreed(asked: Asked, own: Sequence[Feature] | None, count: int | None, notes: list[str]) -> Sequence[Feature]:
    """Return the inputs of a model: as asked for, else as the file names them.

    Args:
        asked: What was said of the file.
        own: The inputs that the file names; None if it names none.
        count: The number of inputs that it takes, where that is known.
        notes: Receives where they are from.

    Raises:
        ModuleError: `wrong_signature` when they do not fit, naming the first that does not.
    """
    names = [feature.name for feature in asked.features]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ModuleError(
            "wrong_signature", f"The input “{twice}” is named twice.", param="features", column=twice, remedy=SIGNATURE_REMEDY
        )
    if own is not None and asked.features:
        by_name = {feature.name: feature for feature in asked.features}
        missing = [feature.name for feature in own if feature.name not in by_name]
        strange = [name for name in names if name not in {feature.name for feature in own}]
        if missing or strange:
            what = f"has an input “{missing[0]}”, which is not given" if missing else f"has no input “{strange[0]}”"
            words = f"The model {what}; it has {len(own)}: {', '.join(feature.name for feature in own)[:300]}."
            raise ModuleError("wrong_signature", words, param="features", column=(missing or strange)[0], remedy=SIGNATURE_REMEDY)
        return [by_name[feature.name] for feature in own]  # in the order of the model
    features = asked.features or own
    if features is None:
        words = f"The file does not name its {f'{count} ' if count else ''}inputs."
        remedy = 'Give them in the order of the model: [{"name": "age", "type": "number"}, …].'
        raise ModuleError("no_signature", words, param="features", remedy=remedy)
    if count is not None and len(features) != count:
        words = f"The model takes {count} inputs; {len(features)} are given."
        raise ModuleError("wrong_signature", words, param="features", remedy=SIGNATURE_REMEDY)
    if not features:
        raise ModuleError("no_signature", "The model has no inputs.", param="features", remedy=SIGNATURE_REMEDY)
    notes.append("The inputs are as given." if asked.features else "The inputs are those that the file names.")
    return features


def agreed_classes(asked: Asked, own: Sequence[str] | None, count: int, notes: list[str]) -> tuple[str, ...]:
    """Return the classes of a model in the order of its probabilities.

    Raises:
        ModuleError: `wrong_classes` when those asked for do not fit.
    """
    if own is not None and len(own) == count:
        if asked.classes and set(asked.classes) != set(own):
            words = f"The model has the classes {', '.join(own)[:300]}; given are {', '.join(asked.classes)[:300]}."
            raise ModuleError("wrong_classes", words, param="classes", remedy="Leave them empty, or give the same.")
        return tuple(own)
    if asked.classes:
        if len(asked.classes) != count:
            words = f"The model has {count} classes; {len(asked.classes)} are given."
            raise ModuleError("wrong_classes", words, param="classes", remedy="Give all classes in the order of the probabilities.")
        notes.append("The classes are as given.")
        return asked.classes
    notes.append("The file does not name its classes, so they are numbered from 0.")
    return tuple(map(str, range(count)))


def task_of(asked: Asked, found: str) -> str:
    """Return the task of a model.

    Raises:
        ModuleError: `wrong_task` when another one was asked for.
    """
    if asked.task and asked.task != found:
        words = f"The model is of the task {found.replace('_', ' ')}, not {asked.task.replace('_', ' ')}."
        raise ModuleError("wrong_task", words, param="task", remedy="Leave the task empty, or correct it.")
    return found


def task_of_classes(count: int) -> str:
    """Return the task of a classifier of so many classes."""
    if count < 2:
        raise ModuleError(
            "wrong_task", f"The model has {count} class; a classifier has at least two.", remedy="Train it on rows of two classes."
        )
    return "two_class" if count == 2 else "multi_class"


def known_categories(estimator: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield the columns that a fitted estimator encodes by category, with their categories."""
    for step in dict(getattr(estimator, "named_steps", {})).values():
        for _, part, columns in getattr(step, "transformers_", ()):
            for each in [*dict(getattr(part, "named_steps", {})).values(), part]:
                known = getattr(each, "categories_", None)
                if known is not None and not isinstance(columns, slice) and len(known) == len(columns):
                    yield from ((str(column), list(values)) for column, values in zip(columns, known, strict=True))
