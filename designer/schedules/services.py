"""Schedule services: create and change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice, pairwise
from typing import Any

import msgspec
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from designer.datasets.models import Dataset
from designer.documents.models import Pipeline, Version
from designer.documents.services import keep_version
from designer.endpoints.models import Endpoint
from designer.http.errors import Refusal
from designer.http.misread import misread
from designer.notices import signatures
from designer.notices.services import set_webhook
from designer.published.models import PublishedPipeline
from designer.registry.models import Alias, RegisteredModel
from designer.schedules import sources, targets
from designer.schedules.models import Cursor, Graph, Kind, Overlap, Schedule
from designer.schedules.planning import look_again, plan_all
from designer.schedules.times import BadTimes, Times, check_steps, first_after, read_times
from designer.schedules.watch import Watch, check_loop
from designer.workspaces.models import Role, Workspace
from designer.workspaces.permissions import has_role, role_in
from pipelines import flow

MOST_SCHEDULES = 500
TABLES: Mapping[str, type[Model]] = {
    sources.DATASET: Dataset,
    sources.PIPELINE: Pipeline,
    sources.MONITOR: Endpoint,
    sources.ALIAS: RegisteredModel,
}
NOUNS = {sources.MONITOR: "endpoint", sources.ALIAS: "model"}
PLAIN = ("name", "jitter_seconds", "overlap", "catch_up", "window_seconds", "pause_after", "email", "parameters", "preset")


class Made(msgspec.Struct):
    """A saved schedule, the secrets that are shown once, and what was done beside it."""

    schedule: Schedule
    secrets: dict[str, str]
    notes: list[str]


def make(target: Pipeline | PublishedPipeline, kind: Kind, person: User, asked: Mapping[str, Any]) -> Made:
    """Create a schedule or a trigger of a pipeline or a published pipeline.

    Raises:
        Refusal: When a part of it cannot be used, or its name is taken.
    """
    workspace: Workspace = target.workspace
    if Schedule.objects.filter(workspace=workspace).count() >= MOST_SCHEDULES:
        words = f"This workspace already has {MOST_SCHEDULES} schedules, the maximum."
        raise Refusal(409, "too_many_schedules", words, remedy="Delete one that is not used.")
    now = timezone.now()
    overlap = Overlap.SKIP if kind == Kind.TIMES else Overlap.QUEUE_ONE
    runs = {"published" if isinstance(target, PublishedPipeline) else "pipeline": target}
    schedule = Schedule(workspace=workspace, kind=kind, run_as=person, through=now, overlap=overlap, **runs)
    return _save(schedule, person, asked, now)


def change(schedule: Schedule, person: User, asked: Mapping[str, Any]) -> Made:
    """Change a schedule. Its past stays; a pause stays; new times count from now on.

    Raises:
        Refusal: When a part of it cannot be used, or its name is taken.
    """
    return _save(schedule, person, asked, timezone.now())


def _save(schedule: Schedule, person: User, asked: Mapping[str, Any], now: datetime) -> Made:
    """Set what is asked for, check all of it, and write it under the lock of its row."""
    try:
        with transaction.atomic():
            if not schedule._state.adding:  # the scheduler may have moved it on meanwhile
                schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
            made = Made(schedule, {}, [])
            for name in PLAIN:
                if name in asked:
                    setattr(schedule, name, asked[name])
            _set_person(schedule, person, asked)
            _set_graph(made, person, asked)
            secrets, made.notes[len(made.notes) :] = set_webhook(schedule, asked.get("webhook"))
            made.secrets.update(secrets)
            if schedule.kind == Kind.TIMES:
                _set_times(schedule, asked, now)
            schedule.save()
            if schedule.kind == Kind.EVENTS:
                _set_watch(made, asked, now)
            targets.check(schedule, now)
    except IntegrityError:
        words = f"A schedule or trigger named “{schedule.name}” already exists."
        raise Refusal(409, "name_taken", words, remedy="Enter another name.", field="name") from None
    return made


def _set_person(schedule: Schedule, person: User, asked: Mapping[str, Any]) -> None:
    """Runs have the rights of this person: oneself, or, for admins, a member."""
    id = asked.get("run_as")
    if id is None or (str(schedule.run_as_id) == id and not schedule._state.adding):
        return
    other = User.objects.filter(pk=id).first() if id.isascii() and id.isdecimal() else None
    role = role_in(other, schedule.workspace_id) if other else None
    if other is None or not has_role(role, "run.start"):
        raise Refusal(
            422, "no_such_person", "This person may not start runs here.", remedy="Choose a member who is editor.", field="run_as"
        )
    if other != person and role_in(person, schedule.workspace_id) not in (Role.ADMIN, Role.OWNER):
        raise Refusal(403, "role_too_low", "Only admins let a schedule run as somebody else.", remedy="Choose yourself.", field="run_as")
    schedule.run_as = other


def _set_graph(made: Made, person: User, asked: Mapping[str, Any]) -> None:
    """Which graph is run, or which published pipeline. Where the newest version is wanted and there is none, one is saved."""
    schedule = made.schedule
    if schedule.pipeline is None:
        _set_published(schedule, asked)
        return
    if wanted := asked.get("graph") or (Graph.VERSION if asked.get("version") else None):
        schedule.graph = wanted
        schedule.version = None
    if field := next((each for each in ("published", "published_version", "inputs") if asked.get(each)), None):
        words = "It runs a pipeline, not a published pipeline."
        raise Refusal(422, "not_published", words, remedy=f"Leave “{field}” out, or create another {schedule.noun}.", field=field)
    if schedule.graph == Graph.VERSION and schedule.version is None:
        schedule.version = Version.objects.filter(pipeline=schedule.pipeline, pk=asked.get("version") or "").first()
        if schedule.version is None:
            words = "The pipeline has no such version."
            raise Refusal(422, "no_version", words, remedy="Choose one of its saved versions.", field="version")
    if schedule.graph == Graph.LATEST and targets.newest_version(schedule.pipeline) is None:
        keep_version(schedule.pipeline, f"For {schedule.name}"[:200], person)
        made.notes.append("The pipeline had no saved version, so its current state was saved as one.")


def _set_published(schedule: Schedule, asked: Mapping[str, Any]) -> None:
    """Which published pipeline is run, such as another one after it was deleted. What belongs to pipelines is refused."""
    for field in ("graph", "version"):
        if asked.get(field):
            remedy = "Name the version of the published pipeline as published_version, or leave it out for the default."
            raise Refusal(422, "not_a_pipeline", "It runs a published pipeline, not a pipeline.", remedy=remedy, field=field)
    if id := asked.get("published"):
        schedule.published = PublishedPipeline.objects.filter(pk=id, workspace=schedule.workspace_id).first()
        if schedule.published is None:
            words = "The workspace has no such published pipeline."
            raise Refusal(422, "no_such_published", words, remedy="Choose one of the workspace.", field="published")
    schedule.published_version = asked.get("published_version", schedule.published_version)
    schedule.inputs = asked.get("inputs", schedule.inputs)


def _set_times(schedule: Schedule, asked: Mapping[str, Any], now: datetime) -> None:
    if "times" not in asked and not schedule._state.adding:
        return
    try:
        times = checked_times(asked.get("times"), now)
        _check_jitter(times, schedule.jitter_seconds, now)
    except BadTimes as wrong:
        raise Refusal(422, wrong.code, wrong.words, remedy=wrong.remedy, field=wrong.field) from None
    kept = msgspec.to_builtins(times)
    if kept != schedule.times:
        if not schedule._state.adding:
            plan_all(schedule.pk, now)
            schedule.refresh_from_db(fields=["through"])
        schedule.times, schedule.through = kept, max(schedule.through, now)
    look_again(schedule, times)


def checked_times(given: object, now: datetime) -> Times:
    """Times from JSON, which come at least once. An interval without an anchor counts from the start, else from the next minute.

    Raises:
        BadTimes: When they cannot be used.
    """
    if (
        isinstance(given, Mapping)
        and isinstance(rule := given.get("rule"), Mapping)
        and rule.get("kind") == "every"
        and not rule.get("anchor")
    ):
        anchor = given.get("starts_at") or (now.replace(second=0, microsecond=0) + timedelta(minutes=1)).isoformat()
        given = {**given, "rule": {**rule, "anchor": anchor}}
    times = read_times(given)
    check_steps(times)
    first_after(times, now)
    return times


def _check_jitter(times: Times, seconds: int, now: datetime) -> None:
    """A delay must not reach the next time, so that times keep their order."""
    gaps = [later - earlier for earlier, later in pairwise(islice(times.after(now), 50))]
    if gaps and timedelta(seconds=seconds) >= min(gaps):
        words = f"The delay of up to {seconds} s reaches the next time, which may follow after {min(gaps).total_seconds():g} s."
        raise BadTimes("jitter_too_long", "jitter_seconds", words, "Choose a shorter delay.")


def _set_watch(made: Made, asked: Mapping[str, Any], now: datetime) -> None:
    """What a trigger watches. A source that is new to it is read from now on."""
    schedule = made.schedule
    if schedule.overlap not in (Overlap.QUEUE_ONE, Overlap.PARALLEL):
        words = "A trigger waits until an earlier run is over, or runs side by side: otherwise events would be lost."
        raise Refusal(422, "bad_overlap", words, remedy="Choose queue_one or parallel.", field="overlap")
    if "watch" in asked or schedule.watch is None:
        schedule.watch = msgspec.to_builtins(_checked_watch(schedule, asked.get("watch")))
        schedule.save(update_fields=["watch"])
    check_loop(schedule)
    wanted = {(each["kind"], each["id"] or schedule.pk) for each in schedule.watch["sources"]}
    Cursor.objects.filter(schedule=schedule).exclude(source__subject__in=[subject for _, subject in wanted]).delete()
    for kind, subject in sorted(wanted):
        source = sources.source_of(kind, subject, now)
        Cursor.objects.get_or_create(schedule=schedule, source=source, defaults={"through": source.last})
        if kind == sources.WEBHOOK and not schedule.hook_secret:
            renew_hook(made)


def renew_hook(made: Made) -> None:
    """Give a trigger a new secret for its webhook. The former one is not accepted any more."""
    made.secrets["hook"] = signatures.new_secret()
    made.schedule.hook_secret = flow.outside.encrypt(made.secrets["hook"])
    made.schedule.save(update_fields=["hook_secret"])


def _checked_watch(schedule: Schedule, given: object) -> Watch:
    try:
        watch = msgspec.convert(given, Watch)
    except msgspec.ValidationError as wrong:
        words = f"What is watched cannot be read: {misread(wrong)}."
        raise Refusal(422, "bad_watch", words, remedy="Correct the named part.", field="watch") from None
    for source in watch.sources:
        id, _, alias = source.id.partition(":") if source.kind == sources.ALIAS else (source.id, "", "")
        table = TABLES.get(source.kind)
        if table and not table._default_manager.filter(pk=id, workspace=schedule.workspace_id).exists():
            words = f"The workspace has no {NOUNS.get(source.kind, source.kind)} “{id}”."
            raise Refusal(422, "no_such_source", words, remedy="Choose one of the workspace.", field="watch")
        if source.kind == sources.ALIAS and not Alias.objects.filter(model=id, name=alias).exists():
            words = f"The model has no alias “{alias}”."
            raise Refusal(422, "no_such_source", words, remedy="Give MODEL:ALIAS with an alias of the model.", field="watch")
        if table is None and source.id:
            raise Refusal(422, "bad_watch", "A webhook has no id: it is the trigger's own.", remedy="Leave the id out.", field="watch")
    return watch
