"""Versions of a model side by side: figures, settings, data, signature, importance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from designer.registry.models import ModelVersion
from designer.registry.schemas import ModelVersionBrief
from pipelines import flow
from pipelines.flow import Damaged
from pipelines.serving.compatibility import Compatibility, compatibility
from pipelines.serving.signature import Signature


class ComparedFigure(msgspec.Struct):
    """A figure of each version; null where a version has none."""

    key: str
    title: str
    evaluation: str
    node: str
    better: Literal["high", "low"] | None
    values: list[float | None]
    intervals: list[tuple[float, float] | None]
    rows: list[int | None]


class ComparedFact(msgspec.Struct):
    """A fact of each version, such as a setting; null where a version has none."""

    group: Annotated[str, msgspec.Meta(description="`setting`, `dataset`, `library`, `parameter` or `code`.")]
    name: str
    values: list[Any]
    differs: bool


class Importance(msgspec.Struct):
    """How much a feature counts in each version, as its report says; null where it is not told."""

    feature: str
    values: list[float | None]


class Comparison(msgspec.Struct):
    """Versions side by side, in the order asked for; signatures are compared with that of the first."""

    versions: list[ModelVersionBrief]
    figures: list[ComparedFigure]
    facts: list[ComparedFact]
    importance: list[Importance]
    compatibility: Annotated[list[Compatibility | None], msgspec.Meta(description="Null where a version has no signature.")]


def compare(versions: Sequence[ModelVersion]) -> Comparison:
    """Compare versions."""
    return Comparison(
        versions=[*map(ModelVersionBrief.of, versions)],
        figures=_figures(versions),
        facts=_facts(versions),
        importance=_importance(versions),
        compatibility=_compatibility(versions),
    )


def _figures(versions: Sequence[ModelVersion]) -> list[ComparedFigure]:
    nodes = [
        Counter(evaluation for _, evaluation in {(each["node"], each["evaluation"]) for each in version.metrics}) for version in versions
    ]
    several = {evaluation for of in nodes for evaluation, count in of.items() if count > 1}
    by_place = [dict(_placed(version.metrics, several)) for version in versions]
    found = []
    for place in _places(by_place):
        rows = [of.get(place) for of in by_place]
        one = next(row for row in rows if row)
        values, intervals, counts = ([row[key] if row else None for row in rows] for key in ("value", "interval", "rows"))
        told = [place[0], one["model"] if any((*place[:-1], 1) in of for of in by_place) else ""]  # what tells it from others of its title
        title = f"{one['title']} ({', '.join(filter(None, told))})" if any(told) else one["title"]
        found.append(ComparedFigure(one["key"], title, one["evaluation"], one["node"], one["better"], values, intervals, counts))
    return found


def _placed(
    metrics: Iterable[Mapping[str, Any]], several: Collection[str]
) -> Iterator[tuple[tuple[str, str, str, int], Mapping[str, Any]]]:
    """Figures by place: the node where a version has several evaluations of a title, the title, the key, and the place among rows with that key."""
    seen = Counter[tuple[str, str, str]]()
    for each in metrics:
        place = (each["node"] if each["evaluation"] in several else "", each["evaluation"], each["key"])
        yield (*place, seen[place]), each
        seen[place] += 1


def _facts(versions: Sequence[ModelVersion]) -> list[ComparedFact]:
    groups: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
        "setting": lambda origin: {
            f"{called}: {name}": value
            for called, step in _apart(origin.get("steps", ()), "title")
            for name, value in step["settings"].items()
        },
        "parameter": lambda origin: dict(origin.get("parameters", {})),
        "dataset": lambda origin: {called: _dataset(each) for called, each in _apart(origin.get("datasets", ()), "name")},
        "code": lambda origin: {called: (step["code"] or "")[:12] for called, step in _apart(origin.get("steps", ()), "title")},
        "library": lambda origin: dict(origin.get("libraries", {})),
    }
    found = []
    for group, read in groups.items():
        known = [read(version.origin) for version in versions]
        for name in _places(known):
            values = [each.get(name) for each in known]
            found.append(ComparedFact(group, name, values, any(value != values[0] for value in values)))
    return found


def _apart(facts: Sequence[Mapping[str, Any]], called: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Facts by what people call them; those of one name with their nodes."""
    total = Counter(each[called] for each in facts)
    for each in facts:
        yield f"{each[called]} ({each['node']})" if each[called] and total[each[called]] > 1 else str(each[called] or each["node"]), each


def _dataset(each: Mapping[str, Any]) -> str:
    number = f"version {each['version']}, " if each["version"] else ""
    return f"{number}{each['digest'][:12]}"


def _importance(versions: Sequence[ModelVersion]) -> list[Importance]:
    known = [dict(_told(version)) for version in versions]
    return [Importance(feature, [each.get(feature) for each in known]) for feature in _places(known)]


def _told(version: ModelVersion) -> Iterable[tuple[str, float]]:
    """What the report of a version says of its features: the rows of its chart of importances."""
    try:
        report = flow.report(version.output, version.model.workspace_id)
    except Damaged:
        return
    for block in report["blocks"] if report else ():
        if block.get("role") == "importance":
            for row in block["spec"]["data"]["values"]:
                yield str(row["feature"]), float(row["value"])
            return


def _compatibility(versions: Sequence[ModelVersion]) -> list[Compatibility | None]:
    read = [msgspec.convert(version.signature, Signature) if version.signature else None for version in versions]
    first = read[0]
    return [compatibility(each, first) if each and first else None for each in read]


def _places(known: Iterable[Mapping[Any, Any]]) -> list[Any]:
    """All keys, in the order in which they come."""
    return list(dict.fromkeys(key for each in known for key in each))
