"""Events fit the classes that the project of OpenLineage generates from its JSON schema: no field is missing, unknown or of another type."""

from __future__ import annotations

import re
import types
import typing
from enum import Enum
from typing import Any

import pytest

from designer.lineage.openlineage import end_of, start_of
from pipelines.models import Run
from tests.designer.lineage.test_views import done, prices  # noqa: F401  fixtures

pytest.importorskip("openlineage.client", reason="pip install -r requirements-dev.txt")
attr = pytest.importorskip("attr")

from openlineage.client.generated import (  # noqa: E402
    base,
    column_lineage_dataset,
    dataset_version_dataset,
    documentation_job,
    error_message_run,
    job_type_job,
    schema_dataset,
)

FACETS: dict[str, Any] = {
    "schema": schema_dataset.SchemaDatasetFacet,
    "version": dataset_version_dataset.DatasetVersionDatasetFacet,
    "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet,
    "documentation": documentation_job.DocumentationJobFacet,
    "jobType": job_type_job.JobTypeJobFacet,
    "errorMessage": error_message_run.ErrorMessageRunFacet,
}
OF_SCHEMA = ("schemaURL", "_schemaURL")


def built(wanted: Any, data: Any, place: str) -> Any:
    """A value of a declared type, made of JSON; fails where it does not fit."""
    origin, inside = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        return built(next(each for each in inside if each is not type(None)), data, place)
    if origin is list:
        assert isinstance(data, list), place
        return [built(inside[0], each, f"{place}[{at}]") for at, each in enumerate(data)]
    if origin is dict:
        assert isinstance(data, dict), place
        return {key: built(FACETS[key] if place.endswith("facets") else inside[1], each, f"{place}.{key}") for key, each in data.items()}
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(data)
    if not attr.has(wanted):
        assert isinstance(data, wanted), (place, data)
        return data
    return record(wanted, data, place)


def record(wanted: Any, data: Any, place: str) -> Any:
    """A record, whose schema is the one that the JSON names, but for its version."""
    hints = typing.get_type_hints(wanted)
    given = {key: each for key, each in data.items() if key not in OF_SCHEMA}
    named = [data[key] for key in OF_SCHEMA if key in data]
    for url in named:
        assert unversioned(url) == unversioned(wanted._get_schema()), place
    return wanted(**{key.lstrip("_"): built(hints[key], each, f"{place}.{key}") for key, each in given.items()})


def unversioned(url: str) -> str:
    return re.sub(r"/\d+-\d+-\d+/", "/", url)


def test_the_events_of_a_run_fit(done: Run) -> None:  # noqa: F811
    start, end = (built(base.RunEvent, event, "event") for event in (start_of(done), end_of(done)))
    assert (start.eventType, end.eventType) == (base.EventType.START, base.EventType.COMPLETE) and end.inputs and end.outputs
    assert any("columnLineage" in each.facets for each in end.outputs)


def test_the_events_of_a_run_that_failed_fit(done: Run) -> None:  # noqa: F811
    done.state = "failed"
    end = built(base.RunEvent, end_of(done), "event")
    assert end.eventType == base.EventType.FAIL and end.run.facets["errorMessage"].message == "The run failed."


@pytest.mark.parametrize(
    "broken",
    [
        lambda event: event | {"eventType": "STOP"},
        lambda event: event | {"inputs": {}},
        lambda event: event | {"colour": 1},
        lambda event: event | {"run": {"runId": "x", "facets": {}}},
        lambda event: {key: value for key, value in event.items() if key != "job"},
    ],
)
def test_what_does_not_fit_is_found(done: Run, broken: Any) -> None:  # noqa: F811
    with pytest.raises((AssertionError, TypeError, ValueError, KeyError)):
        built(base.RunEvent, broken(start_of(done)), "event")
