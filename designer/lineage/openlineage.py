"""Events of OpenLineage (spec 2-0-2), made of the rows of a run: what it read, what it made, and which columns of which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from designer.datasets.resolver import version_of_digest
from designer.documents.models import Pipeline
from designer.lineage.registered import version_with
from pipelines.catalogue.ports import TABLE
from pipelines.flow import Output, Place, RunLineage, State
from pipelines.models import Run, Step

SCHEMA_URL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = "https://openlineage.io/spec/facets/"
PRODUCER = "https://easel.invalid/openlineage"  # a URI that names what made the event
MOST_COLUMNS = 500  # of an output, whose lineage is told
BASES: Mapping[str, tuple[str, str]] = {
    "declared": ("DIRECT", "as the module declares it"),
    "name": ("DIRECT", "by the name of the column"),
    "all": ("INDIRECT", "all that arrives may matter"),
}
MOST_PLACES = 20_000  # looked at for the lineage of an event
ENDS = {State.DONE: "COMPLETE", State.FAILED: "FAIL", State.CANCELLED: "ABORT"}


def start_of(run: Run) -> dict[str, Any]:
    """The event of a run that has started."""
    return _event(run, "START", run.started_at or run.created_at, _inputs(RunLineage(run)), [])


def end_of(run: Run) -> dict[str, Any]:
    """The event of a run that has ended, with the tables that it made."""
    lineage = RunLineage(run)
    made = _event(run, ENDS[State(run.state)], run.finished_at or run.created_at, _inputs(lineage), [*_outputs(lineage)])
    if run.state == State.FAILED:
        made["run"]["facets"]["errorMessage"] = _facet("1-0-1/ErrorMessageRunFacet", message=_error(run), programmingLanguage="Python")
    return made


def _event(run: Run, kind: str, at: datetime, inputs: list[Any], outputs: list[Any]) -> dict[str, Any]:
    name = Pipeline.objects.filter(pk=run.document).values_list("name", flat=True).first() or run.graph["name"]
    return {
        "eventType": kind,
        "eventTime": at.isoformat(),
        "producer": PRODUCER,
        "schemaURL": SCHEMA_URL,
        "run": {"runId": str(UUID(run.pk)), "facets": {}},
        "job": {
            "namespace": _namespace(run.scope),
            "name": run.document,
            "facets": {
                "documentation": _facet("1-1-0/DocumentationJobFacet", description=name),
                "jobType": _facet("2-0-3/JobTypeJobFacet", processingType="BATCH", integration="EASEL", jobType="PIPELINE"),
            },
        },
        "inputs": inputs,
        "outputs": outputs,
    }


def _facet(schema: str, **content: Any) -> dict[str, Any]:
    url = f"{FACETS}{schema}.json#/$defs/{schema.partition('/')[2]}"
    return {"_producer": PRODUCER, "_schemaURL": url, **content}


def _namespace(scope: str) -> str:
    return f"{settings.EASEL_OPENLINEAGE_NAMESPACE}/{scope}"


def _error(run: Run) -> str:
    failed = Step.of_nodes().filter(run=run, state=State.FAILED).order_by("finished_at").first()
    return f"{failed.node}: {(failed.error or {}).get('words', '')}" if failed else "The run failed."


def _names(lineage: RunLineage) -> dict[tuple[str, str], str]:
    """The name of the dataset of each step and setting."""
    return {
        (node, param): _name(lineage, node, param, output)
        for node in lineage.plan.steps
        for param, output in lineage.datasets(node).items()
    }


def _name(lineage: RunLineage, node: str, param: str, output: Output) -> str:
    wanted = lineage.wanted(node, param)
    if lineage.is_registered(node, param):
        model = version_with(output.digest, lineage.run.scope, wanted)
        return f"models/{model.model.name}" if model else f"deleted/{output.digest[:16]}"
    version = version_of_digest(output.digest, lineage.run.scope, wanted)
    return version.dataset.name if version else f"deleted/{output.digest[:16]}"


def _inputs(lineage: RunLineage) -> list[dict[str, Any]]:
    """Each dataset once."""
    found = {name: lineage.datasets(node)[param] for (node, param), name in _names(lineage).items()}
    return [{"namespace": _namespace(lineage.run.scope), "name": name, "facets": _facets(output)} for name, output in found.items()]


def _facets(output: Output) -> dict[str, Any]:
    fields = [{"name": column.name, "type": column.dtype} for column in output.columns or ()]
    return {
        **({"schema": _facet("1-1-1/SchemaDatasetFacet", fields=fields)} if fields else {}),
        "version": _facet("1-0-1/DatasetVersionDatasetFacet", datasetVersion=output.key or output.digest),
    }


def _outputs(lineage: RunLineage) -> Iterator[dict[str, Any]]:
    """Yield the outputs that no step of the run reads."""
    read = {(end.node, end.port) for step in lineage.plan.steps.values() for ends in step.sources.values() for end in ends}
    names = _names(lineage)
    for node, outputs in lineage.outputs.items():
        for port, output in outputs.items():
            if (node, port) in read:
                continue
            facets = _facets(output)
            if output.kind == TABLE:
                facets["columnLineage"] = _column_lineage(lineage, node, port, names)
            yield {"namespace": _namespace(lineage.run.scope), "name": f"{lineage.run.document}/{node}.{port}", "facets": facets}


def _column_lineage(lineage: RunLineage, node: str, port: str, names: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    fields = {}
    for column in lineage.columns(node, port)[:MOST_COLUMNS]:
        sources = sorted(_sources(lineage, Place(node, port, column), names).items())
        fields[column] = {"inputFields": [_field(lineage.run.scope, *end, basis) for end, basis in sources]}
    return _facet("1-2-0/ColumnLineageDatasetFacet", fields=fields)


def _field(scope: str, dataset: str, column: str, basis: str) -> dict[str, Any]:
    kind, words = BASES[basis]
    transformations = [{"type": kind, "subtype": "", "description": words, "masking": False}]
    return {"namespace": _namespace(scope), "name": dataset, "field": column, "transformations": transformations}


def _sources(lineage: RunLineage, start: Place, names: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """The columns of datasets that a column comes from, by dataset and name, with the weakest basis on the way."""
    found: dict[tuple[str, str], str] = {}
    seen, waiting = {start}, [(start, "declared")]
    while waiting and len(seen) < MOST_PLACES:
        place, basis = waiting.pop()
        for param, output in lineage.datasets(place.node).items():
            for name in [place.column] if place.column else [column.name for column in output.columns or ()]:
                found.setdefault((names[place.node, param], name), basis)
        for hop in lineage.before(place):
            if hop.source not in seen:
                seen.add(hop.source)
                waiting.append((hop.source, _weaker(basis, hop.basis)))
    return found


def _weaker(one: str, other: str) -> str:
    return max(one, other, key=[*BASES].index)
