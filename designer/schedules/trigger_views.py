"""The API of triggers and their webhooks."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from designer.audit import trail
from designer.http.errors import Refusal
from designer.notices import signatures
from designer.schedules import queries, schemas, services, sources, views
from designer.schedules.models import Kind, Schedule, Source
from designer.workspaces.endpoint import Endpoint
from pipelines import flow
from pipelines.catalogue.errors import ModuleError

MOST_BODY = 256 * 1024
HEADERS = [OpenApiParameter(name, str, "header", required=True) for name in ("webhook-id", "webhook-timestamp", "webhook-signature")]


class Triggers(views.Schedules):
    """The triggers that one may see, and making one."""

    kind = Kind.EVENTS

    @extend_schema(request=schemas.NewWatchSerializer, responses={201: schemas.Schedule})
    def post(self, request: Request) -> Response:
        return self.make(request, schemas.NewWatchSerializer)


class OfTriggers(views.ScheduleEndpoint):
    """A view on one trigger, which its address calls so."""

    kind = Kind.EVENTS

    def dispatch(self, request: HttpRequest, *args: Any, trigger: str = "", **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, schedule=trigger, **kwargs)


class OneTrigger(OfTriggers, views.OneSchedule):
    """A trigger: seeing, changing and deleting it."""

    @extend_schema(request=schemas.WatchSerializer, responses=schemas.Schedule)
    def patch(self, request: Request, schedule: str) -> Response:
        return self.change(request, schedule, schemas.WatchSerializer)


class Ticks(OfTriggers, views.Ticks):
    """The ticks of a trigger."""


class Pause(OfTriggers, views.Pause):
    """Pausing a trigger: events stay unread."""


class Resume(OfTriggers, views.Resume):
    """Ending a pause: what happened starts one run, or is taken as read."""


class RunNow(OfTriggers, views.RunNow):
    """One run at once, with the values of the trigger."""


class Secret(OfTriggers):
    """A new secret for the webhook of a trigger; the former one is not accepted any more."""

    actions: ClassVar = {"post": "schedule.secret"}
    takes_no_body = True

    @extend_schema(request=None, responses=schemas.Schedule)
    def post(self, request: Request, schedule: str) -> Response:
        found = self.schedule(schedule)
        if not Source.objects.filter(kind=sources.WEBHOOK, subject=found.pk).exists():
            raise Refusal(409, "no_webhook", "This trigger has no webhook.", remedy="Add the webhook to what it watches.")
        made = services.Made(found, {}, [])
        services.renew_hook(made)
        return Response(queries.one(found, secrets=made.secrets))


class AnyBody(BaseParser):
    """Takes a message as bytes, whatever its type."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {}


class Hook(Endpoint):
    """Receives signed messages, each of which is an event of a trigger. A message that comes again is the same event."""

    actions: ClassVar = {"post": "hook.receive"}
    parser_classes = (AnyBody,)
    takes_any_query = True  # the sender may add keys of its own

    @extend_schema(parameters=HEADERS, request=OpenApiTypes.OBJECT, responses=schemas.Received)
    def post(self, request: Request, hook: str) -> Response:
        body = request._request.read(MOST_BODY + 1)
        if len(body) > MOST_BODY:
            raise Refusal(413, "too_large", f"A message has at most {MOST_BODY // 1024} KB.", remedy="Send less.")
        now = timezone.now()
        found = Schedule.objects.filter(pk=hook, kind=Kind.EVENTS).first() if hook.isalnum() else None
        source = Source.objects.filter(kind=sources.WEBHOOK, subject=hook).first() if found else None
        try:
            # The same work and the same answer for a webhook that does not exist.
            secret = flow.outside.decrypt_text(found.hook_secret) if found and source and found.hook_secret else signatures.new_secret()
            id = signatures.verify(secret, request.headers, body, time.time())
        except ModuleError as locked:
            raise Refusal(503, locked.code, locked.words, remedy=locked.remedy) from None
        except signatures.BadSignature as wrong:
            remedy = "Sign the message with the secret of this webhook, as Standard Webhooks describes it."
            raise Refusal(401, "bad_signature", str(wrong), remedy=remedy) from None
        assert found is not None and source is not None, "nobody has the new secret"
        trail.about(kind="trigger", subject=found.pk, name=found.name, workspace=found.workspace_id)
        return Response(schemas.Received(sources.receive(source, id, f"A message of {len(body)} bytes", now)))
