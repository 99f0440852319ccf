"""The API of scoring graphs, below /api/runs/."""

from __future__ import annotations

from operator import attrgetter
from typing import ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.documents.queries import one
from designer.documents.schemas import Pipeline as Made
from designer.scoring import schemas, services
from designer.scoring.deriving import SOON_SECONDS, derivation, graph_of
from designer.scoring.models import DerivationState
from designer.workspaces.endpoint import Endpoint
from pipelines.models import Run

SCORED = OpenApiParameter("scored", str, description="The output with the scores, as node.port; the first if it is left out.")
by_scope = attrgetter("scope")


class ScoringEndpoint(Endpoint):
    """A view on the scoring graph of one run."""

    def run(self, id: str) -> Run:
        """The run, through the choke point."""
        return self.fetch(Run.objects.all(), id, by_scope)


def _scored(request: Request) -> str | None:
    return request.query_params.get("scored", "")[:200] or None


class Scoring(ScoringEndpoint):
    """The scoring graph of a run, with the decision on each node of the training graph."""

    actions: ClassVar = {"get": "run.see"}

    @extend_schema(parameters=[SCORED], responses={200: schemas.Scoring, 202: schemas.Deriving})
    def get(self, request: Request, run: str) -> Response:
        """Answers 202 with how far it is while a worker derives it: ask again."""
        found = self.run(run)
        row = derivation(found, _scored(request), SOON_SECONDS)
        if row.state == DerivationState.DERIVING:
            return Response(schemas.Deriving.of(row), status=202, headers={"Retry-After": "1"})
        scoring = graph_of(row)
        return Response(schemas.Scoring.of(scoring, found.graph, services.last_proof(found, scoring.scored)))


class Parity(ScoringEndpoint):
    """The proof that the scoring graph gives what the run gave. A worker makes it; ask again until it is no longer `proving`."""

    actions: ClassVar = {"get": "run.see", "post": "scoring.prove"}
    takes_no_body = True

    @extend_schema(parameters=[SCORED], responses=schemas.Proof)
    def get(self, request: Request, run: str) -> Response:
        return Response(schemas.Proof.of(services.proof_of(self.run(run), _scored(request))))

    @extend_schema(parameters=[SCORED], request=None, responses={202: schemas.Proof})
    def post(self, request: Request, run: str) -> Response:
        proof = services.ask_for_proof(self.run(run), self.person, _scored(request))
        return Response(schemas.Proof.of(proof), status=202)


class AsPipeline(ScoringEndpoint):
    """The scoring graph as an ordinary pipeline."""

    actions: ClassVar = {"post": "pipeline.make"}
    takes_no_body = True

    @extend_schema(parameters=[SCORED], request=None, responses={201: Made})
    def post(self, request: Request, run: str) -> Response:
        made = services.open_as_pipeline(self.run(run), self.person, _scored(request))
        return Response(one(made, self.person), status=201)
