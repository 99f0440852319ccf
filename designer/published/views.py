"""The API of published pipelines: publishing, versions, the default, keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.documents.models import Pipeline, Version
from designer.endpoints.models import Endpoint as Served
from designer.http.errors import Refusal, absent
from designer.published import queries, schemas, scoring, services
from designer.published.models import PublishedKey, PublishedPipeline
from designer.registry.models import RegisteredModel
from designer.registry.queries import version_of
from designer.workspaces.endpoint import Endpoint, checked
from designer.workspaces.models import Workspace
from designer.workspaces.people import email_of
from designer.workspaces.permissions import visible
from pipelines.models import Run

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
MOST_LISTED, MOST_MOVES = 1000, 200


class PublishedEndpoint(Endpoint):
    """A view of published pipelines."""

    def published(self, id: str) -> PublishedPipeline:
        """The published pipeline, through the choke point; a client's key opens its own only."""
        key = self.request.auth
        if isinstance(key, PublishedKey) and key.published_id != id:
            trail.about(subject=id)
            raise absent()
        return self.fetch(PublishedPipeline.objects.select_related("workspace"), id)

    def source(self, asked: Mapping[str, Any]) -> tuple[Pipeline, Version | None]:
        """The pipeline to publish, and its saved version.

        Raises:
            Refusal: 404 for a pipeline that one may not see; 422 when it has no such version.
        """
        pipeline = self.fetch(Pipeline.objects.select_related("workspace"), asked["pipeline"])
        if not (id := asked.get("version")):
            return pipeline, None
        version = Version.objects.filter(pipeline=pipeline, pk=id).first()
        if version is None:
            remedy = "Name one of its saved versions, or leave it out to publish the pipeline as it is drawn."
            raise Refusal(422, "unknown_version", "The pipeline has no such version.", remedy=remedy, field="version")
        return pipeline, version

    def scorer(self, asked: Mapping[str, Any]) -> tuple[Workspace, Callable[[], scoring.Bundle]]:
        """The workspace of what rows are to be scored with, and the function that finds its scoring graph, which may take seconds.

        Raises:
            Refusal: 404 for what one may not see; 422 when there is no such version.
        """
        number = asked.get("version") or None
        if id := asked.get("endpoint"):
            endpoint = self.fetch(Served.objects.select_related("workspace"), id)
            if number and not (number.isascii() and number.isdecimal() and len(number) < 10):
                words = f"“{number}” is not the number of a version."
                raise Refusal(422, "unknown_version", words, remedy="Name a number, or leave it out.", field="scoring.version")
            return endpoint.workspace, lambda: scoring.of_endpoint(endpoint, int(number) if number else None)
        if id := asked.get("model"):
            model = self.fetch(RegisteredModel.objects.select_related("workspace"), id)
            version = version_of(model.workspace, model.name, number)
            if version is None:
                words = f"“{model.name}” has no version {number or ''}".strip() + "."
                raise Refusal(422, "unknown_version", words, remedy="Name a number or an alias of it.", field="scoring.version")
            return model.workspace, lambda: scoring.of_model(version)
        run = self.fetch(Run.objects.all(), asked["run"], attrgetter("scope"))
        return Workspace.objects.get(pk=run.scope), lambda: scoring.of_run(run, asked.get("scored"))


class PublishedPipelines(PublishedEndpoint):
    """The published pipelines one may see, and publishing one."""

    actions: ClassVar = {"get": "published.list", "post": "published.make"}

    @extend_schema(parameters=[WORKSPACE], responses=list[schemas.PublishedBrief])
    def get(self, request: Request) -> Response:
        found = visible(self.person, PublishedPipeline.objects.all(), request.query_params.get("workspace"))
        return Response(queries.briefs(found.order_by("name")[:MOST_LISTED]))

    @extend_schema(request=schemas.NewPublishedSerializer, responses={201: schemas.PublishedPipeline})
    def post(self, request: Request) -> Response:
        asked = checked(schemas.NewPublishedSerializer, request)
        if wanted := asked.get("scoring"):
            workspace, find = self.scorer(wanted)
            services.check_name(workspace, asked["name"])
            bundle = find()
            with transaction.atomic():  # a refusal leaves no pipeline and no scorer behind
                pipeline = scoring.pipeline_of(workspace, self.person, bundle, asked["name"], wanted)
                made = services.make(workspace, pipeline, None, asked | scoring.ends_of(asked["name"], wanted), self.person)
        else:
            pipeline, version = self.source(asked)
            made = services.make(pipeline.workspace, pipeline, version, asked, self.person)
        return Response(queries.detail(made), status=201)


class OnePublished(PublishedEndpoint):
    """A published pipeline: seeing it, changing its name or description, deleting it."""

    actions: ClassVar = {"get": "published.see", "patch": "published.edit", "delete": "published.delete"}

    @extend_schema(responses=schemas.PublishedPipeline)
    def get(self, request: Request, published: str) -> Response:
        return Response(queries.detail(self.published(published)))

    @extend_schema(request=schemas.PublishedSettingsSerializer, responses=schemas.PublishedPipeline)
    def patch(self, request: Request, published: str) -> Response:
        found = self.published(published)
        services.change(found, checked(schemas.PublishedSettingsSerializer, request))
        return Response(queries.detail(found))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, published: str) -> Response:
        services.delete(self.published(published))
        return Response(status=204)


class Versions(PublishedEndpoint):
    """The versions of a published pipeline, newest first, and publishing another one."""

    actions: ClassVar = {"get": "published.see", "post": "published.publish"}

    @extend_schema(responses=list[schemas.PublishedVersionBrief])
    def get(self, request: Request, published: str) -> Response:
        return Response([*map(schemas.PublishedVersionBrief.of, self.published(published).versions.order_by("-number"))])

    @extend_schema(request=schemas.NewPublishedVersionSerializer, responses={201: schemas.PublishedVersionBrief})
    def post(self, request: Request, published: str) -> Response:
        found = self.published(published)
        asked = checked(schemas.NewPublishedVersionSerializer, request)
        services.check_expected(found, asked.get("expected"))
        if wanted := asked.get("scoring"):
            workspace, find = self.scorer(wanted)
            _check_same(found, workspace.pk)
            bundle = find()
            with transaction.atomic():
                pipeline = scoring.pipeline_of(workspace, self.person, bundle, found.name, wanted)
                made = services.publish(found, pipeline, None, asked | scoring.ends_of(found.name, wanted), self.person)
        else:
            pipeline, version = self.source(asked)
            _check_same(found, pipeline.workspace_id)
            made = services.publish(found, pipeline, version, asked, self.person)
        trail.about(kind="published", subject=found.pk, name=found.name, workspace=found.workspace_id)
        trail.details(version=made.number)
        return Response(schemas.PublishedVersionBrief.of(made), status=201)


def _check_same(published: PublishedPipeline, workspace: str) -> None:
    if published.workspace_id != workspace:
        words = "What you name is of another workspace than the published pipeline."
        raise Refusal(409, "other_workspace", words, remedy="Publish it in its own workspace.")


class OneVersion(PublishedEndpoint):
    """A version with its frozen graph."""

    actions: ClassVar = {"get": "published.see"}

    @extend_schema(responses=schemas.PublishedPipelineVersion)
    def get(self, request: Request, published: str, number: int) -> Response:
        found = self.published(published).versions.filter(number=min(number, 2**31 - 1)).first()
        if found is None:
            raise absent()
        return Response(schemas.PublishedPipelineVersion.of(found, graph=found.graph))


class Default(PublishedEndpoint):
    """The version that runs when a request names none: the history of its moves, and a move, such as back."""

    actions: ClassVar = {"get": "published.see", "put": "published.move"}

    @extend_schema(responses=list[schemas.PublishedMove])
    def get(self, request: Request, published: str) -> Response:
        return Response([*map(schemas.PublishedMove.of, self.published(published).moves.order_by("-pk")[:MOST_MOVES])])

    @extend_schema(request=schemas.PublishedDefaultSerializer, responses=schemas.PublishedPipeline)
    def put(self, request: Request, published: str) -> Response:
        found = self.published(published)
        asked = checked(schemas.PublishedDefaultSerializer, request)
        moved = services.set_default(found, asked["version"], asked.get("expected"), asked["why"], email_of(self.person))
        return Response(queries.detail(moved))


class Keys(PublishedEndpoint):
    """The keys of a published pipeline, and making one, which is shown once."""

    actions: ClassVar = {"get": "published_key.see", "post": "published_key.make"}

    @extend_schema(responses=list[schemas.PublishedKey])
    def get(self, request: Request, published: str) -> Response:
        return Response([*map(schemas.PublishedKey.of, self.published(published).keys.order_by("created_at"))])

    @extend_schema(request=schemas.NewPublishedKeySerializer, responses={201: schemas.NewPublishedKey})
    def post(self, request: Request, published: str) -> Response:
        found = self.published(published)
        trail.details(published=found.name)
        asked = checked(schemas.NewPublishedKeySerializer, request)
        row, secret = PublishedKey.issue(
            found.keys.all(), asked["name"], asked.get("days"), email_of(self.person), published=found, person=self.person
        )
        return Response(schemas.NewPublishedKey.of(row, key=secret), status=201)


class OneKey(PublishedEndpoint):
    """A key: revoking it."""

    actions: ClassVar = {"delete": "published_key.revoke"}

    @extend_schema(responses={204: None})
    def delete(self, request: Request, published: str, client: str) -> Response:
        row = self.published(published).keys.filter(pk=client).first()
        if row is None:
            raise absent()
        trail.details(key=row.name, key_id=row.pk)
        row.delete()
        return Response(status=204)
