"""What of a pipeline cannot be exported, by node; and what of it is not the same outside Easel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.catalogue.discover import Catalogue
from pipelines.catalogue.module import Module
from pipelines.catalogue.source import PROJECT
from pipelines.compilation import Plan
from pipelines.graph.binding import references
from pipelines.graph.model import Graph
from pipelines.graph.problem import Problem


def modules_of(plan: Plan, catalogue: Catalogue) -> dict[str, Module]:
    """Return all modules of a plan by id, also those that steps call themselves, and those that modules find in the catalogue."""
    ids = {step.module for step in plan.steps.values()}
    for step in plan.steps.values():
        ids |= {each["module"] for each in _inner(step.as_json())}
    ids |= {used for id in ids for used in catalogue.modules[id].uses}
    return {id: catalogue.modules[id] for id in sorted(ids)}


def _inner(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the steps within a step, at any depth."""
    inside = [*data.get("body", {}).get("steps", ()), *(each for path in data.get("paths", {}).values() for each in path["steps"])]
    for each in inside:
        yield each
        yield from _inner(each)


def codes_of(plan: Plan, catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yield the code of people that a plan runs, also within steps: the node, the language, the code."""
    for node, step in plan.steps.items():
        whole = step.as_json()
        for each in (whole, *_inner(whole)):
            for param in catalogue.modules[each["module"]].params if catalogue.modules[each["module"]].runs_code else ():
                if param.language and isinstance(code := each["settings"].get(param.name), str):
                    yield node, param.language, code


def obstacles(graph: Graph, plan: Plan, catalogue: Catalogue) -> Iterator[Problem]:
    """Yield a problem for each node that cannot be exported.

    Args:
        graph: The graph with references to parameters.
        plan: Its plan.
        catalogue: The modules.
    """
    inner = {name for step in plan.steps.values() for name in _driven_inside(step.as_json(), graph, catalogue)}
    for node in (node for node in graph.nodes if node in plan.steps):
        module = catalogue.modules[graph.nodes[node].module]
        if module.runs_code and plan.steps[node].execution.environment:
            words = f"{module.title} runs code with the packages of an environment of its own, which a script has not."
            yield Problem("not_exported", words, node=node, remedy="Use the packages of Easel alone, or bypass the node, and export again.")
        elif outside := sorted(
            catalogue.modules[each["module"]].title for each in _inner(plan.steps[node].as_json()) if _reaches(each, catalogue)
        ):
            words = f"{module.title} calls {outside[0]} again and again, which reaches beyond the pipeline."
            yield Problem("not_exported", words, node=node, remedy="Import or export outside of it, and export again.")
        elif not module.function.__module__.startswith(f"{PROJECT}.") or module.loads not in ("", "table"):
            words = f"{module.title} {'loads a saved value' if module.loads else 'comes from another package'}, which an exported script cannot hold."
            yield Problem("not_exported", words, node=node, remedy="Export the pipeline that makes the value, or leave the node out.")
    for node, _, name in references(graph):
        if name in inner and node in plan.steps:
            words = f"The parameter {name} drives a setting of a module that another module calls again and again, such as in For Each."
            yield Problem("not_exported", words, node=node, remedy="Remove the parameter there, and export again.")


def _reaches(step: Mapping[str, Any], catalogue: Catalogue) -> bool:
    return catalogue.modules[step["module"]].freshness is not None


def _driven_inside(data: Mapping[str, Any], graph: Graph, catalogue: Catalogue) -> Iterator[str]:
    """Yield the parameters that may drive settings of the steps within a step: those of nodes with the same module and settings."""
    for inside in _inner(data):
        for node, _, name in references(graph):
            if graph.nodes[node].module == inside["module"]:
                yield name


def differences(plan: Plan, catalogue: Catalogue) -> Iterator[str]:
    """Yield a sentence for each thing that is not the same outside Easel."""
    for node, language, _ in codes_of(plan, catalogue):
        needs = " It needs R with its package nanoarrow on this machine." if language == "r" else ""
        yield f"{node}: its code runs with the rights of the user of the script, without a sandbox.{needs}"
    for node, step in plan.steps.items():
        module = catalogue.modules[step.module]
        if module.freshness:
            yield f"{node}: it {'writes' if module.inputs else 'reads its source'} each time the script runs."
        target = step.execution.target or (step.execution.environment and "an environment of its own")
        if target and target != "worker":
            yield f"{node}: Easel executes it in {target}; the script executes it in its own process."
