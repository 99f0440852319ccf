"""Declaration of learners: a function from settings to an unfitted estimator becomes a module."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from importlib.metadata import version
from secrets import randbelow
from typing import Any, TypeVar

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import module
from pipelines.catalogue.params import LARGEST_SEED, Param, ParamKind
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.signature import params_of
from pipelines.modelling.family import INNER, Family
from pipelines.modelling.thresholds import without_threshold

F = TypeVar("F", bound=Callable[..., Any])


def learner(title: str, *, task: str, family: Family, aliases: tuple[str, ...] = (), **declared: Any) -> Callable[[F], F]:
    """Declare a function of settings that returns an unfitted estimator as a learner.

    An empty seed is drawn before the function is called. Settings that matter are stored with the model, as they are shown in the form.

    Args:
        title: The display name.
        task: The id of its task (`pipelines.modelling.tasks`).
        family: Its family (`pipelines.modelling.families`).
        aliases: Further names for the search.
        declared: Further arguments of `@module`.
    """

    def declare(make: F) -> F:
        params = functools.cache(lambda: params_of(make))

        @functools.wraps(make)
        def build(**arguments: Any) -> UntrainedModel:
            values = {name: value for argument in arguments.items() for name, value in _flat(*argument)}
            drawn = {each.name: randbelow(LARGEST_SEED) for each in params() if _is_drawn(each, values)}
            estimator = make(**arguments | drawn)
            shown = _shown(params(), values | drawn) | _libraries(family)
            return UntrainedModel(title, task, estimator, family.name, shown, id_of(make), values | drawn)

        build.__annotations__ = make.__annotations__ | {"return": UntrainedModel}
        before = functools.partial(_untrained, title, task, family.name, params, id_of(make))
        declared.update(libraries=family.libraries, extra=family.extra)
        return module(title, columns=before, aliases=aliases, **declared)(build)  # type: ignore[return-value]

    return declare


def id_of(make: Callable[..., Any]) -> str:
    """Return the id of the module that a function declares: its shelf and its file."""
    return ".".join(make.__module__.split(".")[-2:])


def untrained_of_two_classes(title: str, module: str, family: Family) -> Callable[..., UntrainedModel | None]:
    """Return the rule of what `of_two_classes` returns, as far as it is known before a run."""

    def before(untrained: UntrainedModel | None, **own: Any) -> UntrainedModel | None:
        if untrained is None:
            return None
        return UntrainedModel(f"{title} ({untrained.name})", "multi_class", None, family.name, {}, module, own, [untrained.as_part])

    return before


def of_two_classes(
    title: str, module: str, family: Family, untrained: UntrainedModel, make: Callable[[Any], Any], **own: Any
) -> UntrainedModel:
    """Return a learner of several classes that is made of a two-class learner, whose family and settings it keeps.

    Raises:
        ModuleError: `not_two_class`, when the learner does not predict a class or is made of another one itself.
    """
    from sklearn.base import is_classifier

    if not is_classifier(untrained.estimator) or INNER in untrained.settings:
        raise ModuleError(
            "not_two_class",
            f"{untrained.name} is not an untrained two-class model.",
            port="untrained",
            remedy="Connect one, such as Two-Class Logistic Regression.",
        )
    untrained = without_threshold(untrained, title)
    settings = {"learner": untrained.name, INNER: untrained.family, **untrained.settings}
    name, estimator = f"{title} ({untrained.name})", make(untrained.estimator)
    return UntrainedModel(name, "multi_class", estimator, family.name, settings, module, own, [untrained.as_part])


def _untrained(title: str, task: str, family: str, params: Callable[[], tuple[Param, ...]], id: str, **arguments: Any) -> UntrainedModel:
    """The learner before a run, with the settings that tell which columns its predictions have."""
    values = {name: value for argument in arguments.items() for name, value in _flat(*argument)}
    return UntrainedModel(title, task, None, family, _shown(params(), values), id, values)


def _libraries(family: Family) -> dict[str, str]:
    """The libraries of an extra: models depend on them, and steps that use one cannot name the libraries of every extra."""
    return {"libraries": ", ".join(f"{name} {version(name)}" for name in family.libraries)} if family.extra else {}


def _flat(name: str, value: Any) -> list[tuple[str, Any]]:
    """The settings of a group, or the setting itself."""
    return list(vars(value).items()) if is_dataclass(value) else [(name, value)]


def _is_drawn(param: Param, values: Mapping[str, Any]) -> bool:
    return param.kind is ParamKind.SEED and values[param.name] is None and param.matters(values)


def _shown(params: tuple[Param, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that matter, choices by their display names; of options those that are given."""
    plain = [each for each in params if each.matters(values) and each.kind is not ParamKind.OPTIONS]
    options = {name: value for each in params if each.kind is ParamKind.OPTIONS for name, value in values[each.name].items()}
    return {each.name: dict(each.choices).get(values[each.name], values[each.name]) for each in plain} | options
