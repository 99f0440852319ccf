"""The space of a search: which settings of a learner it varies, and over which values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.module import Module
from pipelines.catalogue.params import Param, ParamKind
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import UntrainedModel
from pipelines.catalogue.reporting import log
from pipelines.modelling.search.distributions import Distribution, parsed

NUMBERS = (ParamKind.NUMBER, ParamKind.INTEGER)
SEARCHED = (*NUMBERS, ParamKind.CHOICE, ParamKind.SWITCH, ParamKind.TEXT)
WORDS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}
DEEPEST = 5  # learners that are made of learners
Settings = Mapping[str, Any]


@dataclass(frozen=True)
class Learner:
    """A learner that can be made again with other settings: its module, its own settings, and those that can be searched.

    Of one that is made of others, `parts` are these, and `places` say which setting of which part a name is: that of the part itself where there is one
    part, else after its number, as in 2.trees.
    """

    module: Module
    own: Settings
    params: Mapping[str, Param]
    parts: Sequence[Learner] = ()
    places: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def made(self, settings: Settings) -> UntrainedModel:
        """Return the learner with some settings in place of its own."""
        arguments = {**self.own}
        for name, value in settings.items():
            holder = self._holder(name)
            if holder is not None:
                arguments[holder] = {**arguments[holder], name: value}
            elif name not in self.places:
                arguments[name] = value
        parts = [part.made(self._of(place, settings)) for place, part in enumerate(self.parts)]
        made: UntrainedModel = self.module.function(*parts, **self.module.arguments(arguments))
        return made

    def value(self, name: str) -> Any:
        """Return the learner's own value of a setting."""
        if name in self.places:
            place, inner = self.places[name]
            return self.parts[place].value(inner)
        holder = self._holder(name)
        return self.own.get(name) if holder is None else self.own[holder].get(name, self.params[name].default)

    def matters(self, name: str, settings: Settings) -> bool:
        """Return whether a setting is used, given the values of some others."""
        if name in self.places:
            place, inner = self.places[name]
            return self.parts[place].matters(inner, self._of(place, settings))
        return self.params[name].matters({**self.own, **settings})

    def decided_by(self, name: str) -> str | None:
        """Return the setting whose value decides whether another one matters; None if it always does."""
        when = self.params[name].shown_when
        place = self.places.get(name, (-1, ""))[0]
        return None if when is None else next((full for full, at in self.places.items() if at == (place, when.param)), when.param)

    def _of(self, place: int, settings: Settings) -> dict[str, Any]:
        """The settings of a part, by its own names."""
        return {self.places[name][1]: value for name, value in settings.items() if self.places.get(name, (-1, ""))[0] == place}

    def _holder(self, name: str) -> str | None:
        """The setting of kind options that holds this one, if one does."""
        if name in self.places:
            return None
        return next((one.name for one in self.module.params if one.form and name not in self.own), None)


def learner_of(untrained: UntrainedModel) -> Learner:
    """Return the learner behind an untrained model.

    Raises:
        ModuleError: `cannot_be_tuned`, for one that a script made, or that is made of such.
    """
    return _learner(untrained.as_part, DEEPEST)


def remade(part: Mapping[str, Any], settings: Settings) -> Mapping[str, Any]:
    """Return a learner as a part of others, with some settings in place of its own.

    Raises:
        ModuleError: `cannot_be_tuned`, for one whose module is not known any more.
    """
    return _learner(part, DEEPEST).made(settings).as_part


def _learner(made: Mapping[str, Any], deep: int) -> Learner:
    module = catalogue().get(str(made.get("module")))
    own = None if module is None else _own(module, made.get("arguments"))
    parts = made.get("parts")
    if module is None or own is None or not isinstance(parts, list) or bool(parts) != bool(module.inputs) or not deep:
        raise ModuleError(
            "cannot_be_tuned",
            f"{made.get('name', 'The learner')} has no settings to search.",
            port="untrained",
            remedy="Connect a learner such as Two-Class Boosted Decision Tree, or one that is made of such learners.",
        )
    params = _params(module, own)
    learners = [_learner(part, deep - 1) for part in parts]
    places: dict[str, tuple[int, str]] = {}
    for place, part in enumerate(learners):
        for name, param in part.params.items():
            alone = len(learners) == 1 and name not in params
            full, title = (name, param.title) if alone else (f"{place + 1}.{name}", f"{place + 1}. {param.title}")
            places[full], params[full] = (place, name), replace(param, name=full, title=title)
    return Learner(module, own, params, learners, places)


def _params(module: Module, own: Settings) -> dict[str, Param]:
    """The settings of a module that can be searched."""
    params = {one.name: one for one in module.params if one.kind in SEARCHED and not one.form}
    for options in (one for one in module.params if one.form):
        fields = options.form.fields(str(own.get(options.form.choice))) if options.form else None
        params.pop(options.form.choice if options.form else "", None)
        params |= {field.name: field for field in fields or () if field.kind in SEARCHED}
    return params


def _own(module: Module, arguments: Any) -> Settings | None:
    """The settings of a learner; None for a file whose settings are not those of the module."""
    try:
        return module.read_settings(arguments)
    except (ValueError, TypeError, AttributeError):
        return None


@dataclass(frozen=True)
class Space:
    """The settings that a search varies, in the order of the learner's form, and their values."""

    learner: Learner
    over: Mapping[str, Distribution]

    @property
    def own(self) -> Settings:
        """The learner's own values."""
        return {name: self.learner.value(name) for name in self.over}

    def holds(self, settings: Settings) -> bool:
        """Return whether all values are of the space."""
        return all(name in settings and each.holds(settings[name]) for name, each in self.over.items())

    def used(self, settings: Settings) -> dict[str, Any]:
        """Return the settings, with the learner's own value for those that do not matter beside the others."""
        return {name: value if self.learner.matters(name, settings) else self.learner.value(name) for name, value in settings.items()}

    def title(self, name: str) -> str:
        """Return the display name of a setting."""
        return self.learner.params[name].title

    def without(self, name: str) -> Space:
        """Return the space without a setting."""
        return replace(self, over={each: values for each, values in self.over.items() if each != name})


def space_of(untrained: UntrainedModel, changed: Mapping[str, str | None]) -> Space:
    """Return the space of a learner: what it declares, with what a user changed.

    Raises:
        ModuleError: `cannot_be_tuned`, `unknown_setting`, `bad_range` or `nothing_to_search`.
    """
    learner = learner_of(untrained)
    if strange := [name for name in changed if name not in learner.params]:
        raise ModuleError(
            "unknown_setting",
            f"{untrained.name} has no setting “{strange[0][:60]}” to search.",
            param="space",
            remedy=f"Use {listed(list(learner.params)[:12])}." if learner.params else "Connect another learner.",
        )
    texts = {name: changed.get(name, param.search or None) for name, param in learner.params.items()}
    over = {name: _distribution(learner.params[name], text) for name, text in texts.items() if text is not None}
    for name in [name for name in over if not _can_matter(learner, name, over)]:
        del over[name]
        if name in changed:
            log(f"“{learner.params[name].title}” is not searched: it does not matter with the other settings.", "warning")
    if not over:
        raise ModuleError(
            "nothing_to_search",
            f"No setting of {untrained.name} is searched.",
            param="space",
            remedy="Give at least one setting a range or values.",
        )
    return Space(learner, over)


def _can_matter(learner: Learner, name: str, over: Mapping[str, Distribution]) -> bool:
    decides = learner.decided_by(name)
    return decides is None or decides in over or learner.matters(name, {})


def _distribution(param: Param, text: str) -> Distribution:
    try:
        whole, number = param.kind is ParamKind.INTEGER, param.kind in NUMBERS
        return parsed(text, partial(_read, param), whole=whole, number=number, bounds=param.range)
    except ValueError as wrong:
        raise ModuleError("bad_range", f"“{param.title}” {wrong}.", param="space", remedy="Correct it, or reset the space.") from wrong


def _read(param: Param, value: Any) -> Any:
    """A value as the setting takes it: of a word, the number, the switch or the choice that it names."""
    if param.kind in NUMBERS and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ValueError(f"must be a number, not “{value[:40]}”") from None
    elif param.kind is ParamKind.SWITCH and isinstance(value, str):
        value = WORDS.get(value.lower(), value)
    elif param.kind is ParamKind.CHOICE:
        value = next((key for key, title in param.choices if value in (key, title)), value)
    return param.read(value)
