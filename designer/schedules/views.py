"""The API of schedules. Triggers have the same, at an address of their own."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from designer.documents.models import Pipeline
from designer.http.errors import Refusal
from designer.published.models import PublishedPipeline
from designer.schedules import controls, queries, schemas, services
from designer.schedules.models import Kind, Schedule, Tick
from designer.schedules.times import BadTimes
from designer.schedules.words import Preview, preview
from designer.workspaces.endpoint import Endpoint, by_workspace, checked, queried
from designer.workspaces.permissions import visible

WORKSPACE = OpenApiParameter("workspace", str, description="Only of this workspace.")
OF_PUBLISHED = OpenApiParameter("published", str, description="Only of this published pipeline.")
OF_PIPELINE = OpenApiParameter("pipeline", str, description="Only of this pipeline.")
TIMES = OpenApiParameter("times", str, required=True, description=f"JSON: {schemas.TIMES_HELP}")
PAGE = 50


class Schedules(Endpoint):
    """The schedules that one may see, and making one."""

    kind = Kind.TIMES
    actions: ClassVar = {"get": "schedule.list", "post": "schedule.make"}

    @extend_schema(parameters=[WORKSPACE, OF_PIPELINE, OF_PUBLISHED], responses=list[schemas.Schedule])
    def get(self, request: Request) -> Response:
        asked = request.query_params
        found = visible(self.person, Schedule.objects.filter(kind=self.kind), asked.get("workspace"))
        if pipeline := asked.get("pipeline"):
            found = found.filter(pipeline=self.fetch(Pipeline.objects.all(), pipeline).pk)
        if published := asked.get("published"):
            found = found.filter(published=self.fetch(PublishedPipeline.objects.all(), published).pk)
        return Response(queries.listed(found))

    @extend_schema(request=schemas.NewTimesSerializer, responses={201: schemas.Schedule})
    def post(self, request: Request) -> Response:
        return self.make(request, schemas.NewTimesSerializer)

    def make(self, request: Request, serializer: type[schemas.ScheduleSerializer]) -> Response:
        """Create one of this kind."""
        asked = checked(serializer, request)
        target: Pipeline | PublishedPipeline
        if id := asked.get("published"):
            target = self.fetch(PublishedPipeline.objects.select_related("workspace"), id)
        else:
            target = self.fetch(Pipeline.objects.select_related("workspace"), asked["pipeline"])
        made = services.make(target, self.kind, self.person, asked)
        return Response(queries.one(made.schedule, secrets=made.secrets, notes=made.notes), status=201)


class ScheduleEndpoint(Endpoint):
    """A view on one schedule."""

    kind = Kind.TIMES

    def schedule(self, id: str) -> Schedule:
        """The schedule, through the choke point."""
        return self.fetch(
            Schedule.objects.filter(kind=self.kind).select_related("pipeline", "published", "run_as", "version"), id, by_workspace
        )


class OneSchedule(ScheduleEndpoint):
    """A schedule: seeing, changing and deleting it."""

    actions: ClassVar = {"get": "schedule.see", "patch": "schedule.edit", "delete": "schedule.delete"}

    @extend_schema(responses=schemas.Schedule)
    def get(self, request: Request, schedule: str) -> Response:
        return Response(queries.one(self.schedule(schedule)))

    @extend_schema(request=schemas.TimesSerializer, responses=schemas.Schedule)
    def patch(self, request: Request, schedule: str) -> Response:
        return self.change(request, schedule, schemas.TimesSerializer)

    def change(self, request: Request, schedule: str, serializer: type[schemas.ScheduleSerializer]) -> Response:
        """Change what is sent; the rest stays."""
        found = self.schedule(schedule)
        made = services.change(found, self.person, checked(serializer, request, partial=True))
        return Response(queries.one(made.schedule, secrets=made.secrets, notes=made.notes))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, schedule: str) -> Response:
        self.schedule(schedule).delete()
        return Response(status=204)


class Times(Endpoint):
    """Times in words, with the next ten."""

    actions: ClassVar = {"get": "times.see"}

    @extend_schema(parameters=[TIMES], responses=Preview)
    def get(self, request: Request) -> Response:
        now = timezone.now()
        try:
            given = msgspec.json.decode(request.query_params.get("times", "")[:100_000].encode())
            return Response(preview(services.checked_times(given, now), now))
        except (msgspec.DecodeError, RecursionError):
            raise Refusal(400, "bad_times", "“times” is not JSON.", remedy="Send the times as JSON.", field="times") from None
        except BadTimes as wrong:
            raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field=wrong.field) from None


class Ticks(ScheduleEndpoint):
    """The ticks of a schedule, newest first, in pages."""

    actions: ClassVar = {"get": "schedule.see"}

    @extend_schema(parameters=[schemas.TicksSerializer], responses=schemas.Ticks)
    def get(self, request: Request, schedule: str) -> Response:
        found = Tick.objects.filter(schedule=self.schedule(schedule)).order_by("-pk")
        asked = queried(schemas.TicksSerializer, request)
        if "before" in asked:
            found = found.filter(pk__lt=asked["before"])
        if "outcome" in asked:
            found = found.filter(outcome=asked["outcome"])
        ticks = list(found[: PAGE + 1])
        more = ticks[PAGE - 1].pk if len(ticks) > PAGE else None
        return Response(schemas.Ticks([*map(schemas.Tick.of, ticks[:PAGE])], more))


class Pause(ScheduleEndpoint):
    """Pausing a schedule."""

    actions: ClassVar = {"post": "schedule.pause"}

    @extend_schema(request=schemas.PauseSerializer, responses=schemas.Schedule)
    def post(self, request: Request, schedule: str) -> Response:
        found, asked = self.schedule(schedule), checked(schemas.PauseSerializer, request)
        if asked["until"] is not None and asked["until"] <= timezone.now():
            raise Refusal(422, "bad_date", "The pause would end before it begins.", remedy="Choose a later time.", field="until")
        controls.pause(found, self.person, asked["note"], asked["until"])
        return Response(queries.one(found))


class Resume(ScheduleEndpoint):
    """Ending a pause."""

    actions: ClassVar = {"post": "schedule.resume"}

    @extend_schema(request=schemas.ResumeSerializer, responses=schemas.Schedule)
    def post(self, request: Request, schedule: str) -> Response:
        found = self.schedule(schedule)
        controls.resume(found, **checked(schemas.ResumeSerializer, request))
        return Response(queries.one(found))


class RunNow(ScheduleEndpoint):
    """One run at once, with the values of the schedule."""

    actions: ClassVar = {"post": "schedule.run"}

    @extend_schema(request=schemas.NowSerializer, responses={201: schemas.Tick})
    def post(self, request: Request, schedule: str) -> Response:
        found = self.schedule(schedule)
        return Response(schemas.Tick.of(controls.run_now(found, checked(schemas.NowSerializer, request)["overlap"])), status=201)


class Backfill(ScheduleEndpoint):
    """A run for each planned time of a span; deleting takes what waits out of the queue."""

    actions: ClassVar = {"post": "schedule.run", "delete": "schedule.drop"}

    @extend_schema(request=schemas.BackfillSerializer, responses=schemas.Backfill)
    def post(self, request: Request, schedule: str) -> Response:
        found = self.schedule(schedule)
        if found.times is None:
            raise Refusal(409, "no_times", "A trigger has no planned times.", remedy="Use a schedule.")
        asked = checked(schemas.BackfillSerializer, request)
        start: datetime = asked.pop("start")
        instants = controls.backfill(found, start, asked.pop("end"), **asked)
        return Response(schemas.Backfill(len(instants), instants))

    @extend_schema(responses={200: schemas.Dropped})
    def delete(self, request: Request, schedule: str) -> Response:
        return Response(schemas.Dropped(controls.drop_waiting(self.schedule(schedule), self.person)))
