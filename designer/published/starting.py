"""Starting a run of a published pipeline: its inputs, its parameters, and the same request again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import IntegrityError
from django.db.models import F

from designer.datasets import services as datasets
from designer.datasets.ingest import file_digest
from designer.datasets.models import Dataset, DatasetVersion
from designer.datasets.names import name_from, seen_from
from designer.http.errors import Refusal
from designer.published.ends import PublishedInput, PublishedResult, asked_nodes
from designer.published.models import PublishedKey, PublishedPipeline, PublishedRun, PublishedVersion
from designer.runs.services import launch
from designer.workspaces.models import Workspace
from designer.workspaces.people import email_of, name_of
from pipelines import flow
from pipelines.catalogue.phrases import listed
from pipelines.catalogue.ports import TABLE
from pipelines.models import Run

Files = Mapping[str, UploadedFile]


def start(
    published: PublishedPipeline,
    person: User,
    asked: Mapping[str, Any],
    *,
    files: Files,
    idempotency_key: str | None = None,
    key: PublishedKey | None = None,
) -> tuple[PublishedRun, bool]:
    """Start a run; returns it, and whether it is new. A request with an idempotency key that was used before starts nothing.

    Args:
        published, person: The published pipeline, and whose rights the run has.
        asked: `version`, `parameters`, `preset` and `inputs` of the request.
        files: Uploaded tables by the name of an input; each becomes a version of a dataset.
        idempotency_key, key: The name of the request, and the client's key.

    Raises:
        Refusal: 422 for an unknown version, input or dataset, or when the key was used for another request.
        UnsoundGraph: For a wrong parameter, or when it cannot be run with these datasets.
    """
    digest = _digest(asked, files)
    if idempotency_key and (before := _before(published, idempotency_key, digest)):
        return before, False
    version = version_of(published, asked.get("version"))
    _check_known(version, asked.get("inputs", {}), files)
    graph, used = drawn(published, version, asked, lambda: {name: _uploaded(published, name, file, person) for name, file in files.items()})
    by = f"{email_of(person)} (key {key.name})"[:254] if key else email_of(person)
    row = PublishedRun(
        published=published,
        version=version.number,
        by=by,
        person=person,
        inputs=used,
        idempotency_key=idempotency_key or None,
        asked=digest,
    )
    shown = f"{name_of(person)} ({'key ' + key.name + ' of ' if key else ''}published {published.name})"
    try:
        _launch(row, version, graph, asked, shown)
    except IntegrityError:  # the same request arrived twice at the same time
        if idempotency_key and (before := _before(published, idempotency_key, digest)):
            return before, False
        raise
    return row, True


def start_planned(
    published: PublishedPipeline, person: User, asked: Mapping[str, Any], *, schedule: str, alongside: Callable[[Run], object]
) -> Run:
    """Start a run for a schedule.

    Args:
        published, person: The published pipeline, and whose rights the run has.
        asked: `version`, `parameters`, `preset` and `inputs`, as a request gives them.
        schedule: The name of the schedule.
        alongside: Called in the transaction that creates the run; when it raises, there is no run.

    Raises:
        Refusal, UnsoundGraph: As `start` does.
    """
    version = version_of(published, asked.get("version"))
    graph, used = drawn(published, version, asked)
    by = f"{email_of(person)} (schedule {schedule})"[:254]
    row = PublishedRun(published=published, version=version.number, by=by, person=person, inputs=used, asked=_digest(asked, {}))
    shown = f"{name_of(person)} (schedule {schedule})"
    return _launch(row, version, graph, asked, shown, source="schedule", alongside=alongside)


def _launch(
    row: PublishedRun,
    version: PublishedVersion,
    graph: flow.Graph,
    asked: Mapping[str, Any],
    by: str,
    *,
    source: str = "request",
    alongside: Callable[[Run], object] = lambda _: None,
) -> Run:
    """Start the run of a row; both are written in one transaction."""

    def beside(run: Run) -> None:
        alongside(run)
        row.run = run.pk
        row.save(force_insert=True)

    return launch(
        graph,
        row.published.workspace,
        document=version.pipeline,
        by=by[:200],
        source=source,
        parameters=asked.get("parameters", {}),
        preset=asked.get("preset", ""),
        to=asked_nodes(graph, msgspec.convert(version.results, list[PublishedResult])),
        alongside=beside,
    )


def drawn(
    published: PublishedPipeline,
    version: PublishedVersion,
    asked: Mapping[str, Any],
    upload: Callable[[], dict[str, DatasetVersion]] = dict,
) -> tuple[flow.Graph, dict[str, Any]]:
    """The graph of a version on the datasets that are asked for, and which version of a dataset each input has.

    Args:
        published, version, asked: What is run, with the `inputs` of a request.
        upload: Keeps the files of the request once its datasets are known, as versions by the name of their input.

    Raises:
        Refusal: 422 for an unknown input or dataset, or an input without one.
    """
    inputs = msgspec.convert(version.inputs, dict[str, PublishedInput])
    _check_known(version, asked.get("inputs", {}), {})
    chosen = {name: _given(published.workspace, name, each) for name, each in asked.get("inputs", {}).items()}
    return _with_inputs(flow.read(version.graph), published.workspace, inputs, chosen | upload())


def version_of(published: PublishedPipeline, number: int | None, field: str = "version") -> PublishedVersion:
    """The named version, or the default.

    Raises:
        Refusal: 422 when there is none of this number.
    """
    found = published.versions.filter(number=number or published.default).first()
    if found is None:
        words = f"“{published.name}” has no version {number}."
        remedy = f"Leave it out for the default, version {published.default}."
        raise Refusal(422, "unknown_version", words, remedy=remedy, field=field)
    return found


def _before(published: PublishedPipeline, idempotency_key: str, digest: str) -> PublishedRun | None:
    """The run that a request with this key has started.

    Raises:
        Refusal: 422 when that request asked for something else.
    """
    before = PublishedRun.objects.filter(published=published, idempotency_key=idempotency_key).first()
    if before is not None and before.asked != digest:
        words = f"The idempotency key “{idempotency_key[:60]}” was used for another request, which started the run {before.run}."
        raise Refusal(422, "idempotency_key_reused", words, remedy="Send a new key with each new request.", field="Idempotency-Key")
    return before


def _digest(asked: Mapping[str, Any], files: Files) -> str:
    """What a request asks for, files by their content."""
    bodies = {
        name: file_digest(Path(file.temporary_file_path())) for name, file in files.items() if isinstance(file, TemporaryUploadedFile)
    }
    return hashlib.sha256(msgspec.json.encode([asked, bodies], order="deterministic")).hexdigest()


def _check_known(version: PublishedVersion, given: Mapping[str, Any], files: Files) -> None:
    inputs: Mapping[str, Any] = version.inputs
    for name in [*given, *files]:
        if name not in inputs:
            words = f"There is no input “{name[:64]}”."
            remedy = f"Its inputs are: {listed([*inputs])}." if inputs else "Leave it out: this pipeline has no inputs."
            raise Refusal(422, "unknown_input", words, remedy=remedy, field=f"inputs.{name[:64]}")
        if name in given and name in files:
            words = f"The input “{name}” is given twice: as a dataset and as a file."
            raise Refusal(422, "input_twice", words, remedy="Send one of the two.", field=f"inputs.{name}")


def _given(workspace: Workspace, name: str, asked: Mapping[str, Any]) -> DatasetVersion:
    """The version of a dataset that a request names."""
    dataset, number = asked["dataset"], asked.get("version")
    found = DatasetVersion.objects.filter(seen_from(workspace, "dataset__"), dataset__name=dataset, dataset__kind=TABLE)
    newest = found.select_related("dataset").order_by(F("dataset__workspace").asc(nulls_last=True), "-number")
    version = (newest.filter(number=number) if number else newest).first()
    if version is not None:
        return version
    there = found.exists()
    words = (
        f"The dataset “{dataset[:60]}” has no version {number}." if there else f"There is no dataset “{dataset[:60]}” in this workspace."
    )
    remedy = "Leave out the version for the newest." if there else "Upload it first, or send it as a file."
    raise Refusal(422, "unknown_dataset", words, remedy=remedy, field=f"inputs.{name}")


def _uploaded(published: PublishedPipeline, name: str, file: UploadedFile, person: User) -> DatasetVersion:
    """Keep an uploaded table as the next version of the dataset of this input.

    Raises:
        Refusal: 422 with what is wrong with the file; 409 when there is no space, or the name is that of something else.
    """
    title = name_from(f"{published.name} {name}")
    found = Dataset.objects.filter(workspace=published.workspace, name=title, kind=TABLE).first()
    if found is None:
        made = datasets.upload(published.workspace, person, file, title)
        return made.versions.select_related("dataset").get()
    return datasets.add_version(found, person, file)


def _with_inputs(
    graph: flow.Graph, workspace: Workspace, inputs: Mapping[str, PublishedInput], chosen: Mapping[str, DatasetVersion]
) -> tuple[flow.Graph, dict[str, Any]]:
    """The graph on the chosen datasets, and which version each input has."""
    used = {}
    for name, end in inputs.items():
        version = chosen.get(name)
        if version is None and end.dataset:
            version = _given(workspace, name, {"dataset": end.dataset, "version": end.version})
        if version is None:
            words = f"The input “{name}” needs a dataset."
            remedy = f'Send {{"inputs": {{"{name}": {{"dataset": "…"}}}}}}.'
            raise Refusal(422, "missing_input", words, remedy=remedy, field=f"inputs.{name}")
        number = {end.version_param: version.number} if end.version_param else {}
        graph = graph.with_params(end.node, **{end.param: version.dataset.name, **number})
        used[name] = {"dataset": version.dataset.name, "version": version.number}
    return graph, used
