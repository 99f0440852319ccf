"""A new version must be able to answer the clients of the version that serves."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest

from designer.endpoints import services
from designer.endpoints.models import EndpointVersion, VersionState
from designer.endpoints.publishing import CannotPublish, build
from pipelines import flow
from pipelines.models import Run
from pipelines.serving.signature import Column, Signature
from tests.designer.conftest import Team
from tests.designer.endpoints.serving.support import SIGNATURE


@pytest.fixture
def second(team: Team, done_run: Run) -> EndpointVersion:
    """A version that is to be built, beside one that takes all requests."""
    endpoint = services.make(team.workspace, {"name": "cars", "run": done_run.pk}, "owner")
    endpoint.versions.update(state=VersionState.READY, signature=msgspec.to_builtins(SIGNATURE))
    endpoint.shares = {"1": 100}
    endpoint.save()
    return services.publish(endpoint, {"run": done_run.pk}, "owner")


def derives(signature: Signature, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "scoring_graph", lambda *_: SimpleNamespace(signature=signature, scored="score.table"))
    monkeypatch.setattr(flow, "scoring_bundle", lambda *_: b"bundle")


def test_a_version_that_answers_the_same_clients_is_built(second: EndpointVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    optional = Column("doors", "integer", "Int64", nullable=True)
    derives(msgspec.structs.replace(SIGNATURE, inputs=(*SIGNATURE.inputs, optional)), monkeypatch)
    made = build(second)
    assert made.data == b"bundle" and second.node == "score.table"
    assert flow.store(second.endpoint.workspace_id).path(made.bundle).read_bytes() == b"bundle"


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"inputs": (*SIGNATURE.inputs, Column("doors", "integer", "Int64"))}, "doors"),
        ({"inputs": (Column("a", "text", "String"), SIGNATURE.inputs[1])}, "a"),
        ({"inputs": (Column("a", "integer", "Int64"), SIGNATURE.inputs[1])}, "a"),
        ({"outputs": SIGNATURE.outputs[:1]}, "label"),
    ],
)
def test_a_version_that_breaks_clients_is_refused_with_the_column(
    second: EndpointVersion, changed: dict[str, tuple[Column, ...]], column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    derives(msgspec.structs.replace(SIGNATURE, **changed), monkeypatch)
    with pytest.raises(CannotPublish, match=f"“{column}”.*another name"):
        build(second)
