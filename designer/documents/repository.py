"""The draft repository: every edit is committed to the database before it is broadcast.

The database is authoritative; each process keeps the drafts in use in memory and updates them from it, under a lock per draft.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from designer.documents import bounds
from designer.documents import yjs_read as drafts
from designer.documents.lib0 import BadUpdate
from designer.documents.models import DraftSnapshot, DraftUpdate, Pipeline
from designer.documents.open_draft import OpenDraft
from designer.documents.yjs_read import Reading, Shared
from designer.http.errors import Refusal, absent

Change = Callable[[Shared], None]
MOST_OPEN = 64
MOST_BYTES = 6 * 2**20  # of edits applied to open drafts; in memory they take up to twenty times as much
COMPACT_AFTER = 500
KEPT_BEHIND = 100
PAGE = 200


@dataclass(frozen=True)
class EditResult:
    """A stored edit: the draft's new revision, and the bytes; None when the edit changed nothing."""

    revision: int
    update: bytes | None


_open: OrderedDict[str, OpenDraft] = OrderedDict()
_open_lock = threading.Lock()


@contextmanager
def _opened(pipeline: str) -> Iterator[OpenDraft]:
    """The draft in memory, locked; dropped on any error, since it may then have what the database does not."""
    with _open_lock:
        draft = _open.get(pipeline) or _open.setdefault(pipeline, OpenDraft(pipeline))
        _open.move_to_end(pipeline)
        while len(_open) > 1 and (len(_open) > MOST_OPEN or sum(each.bytes for each in _open.values()) > MOST_BYTES):
            _open.popitem(last=False)
    with draft.lock:
        try:
            yield draft
        except BaseException:
            with _open_lock:
                if _open.get(pipeline) is draft:
                    del _open[pipeline]
            raise


def _catch_up(draft: OpenDraft, pipeline: str, revision: int) -> None:
    if draft.revision == revision:
        return
    if draft.revision > revision:  # the database was restored to an older state under a running process
        draft.start_over()
    rows = _updates(pipeline, draft.revision)
    if not rows or rows[0][0] != draft.revision + 1:
        snapshot = DraftSnapshot.objects.filter(pipeline_id=pipeline).first()
        if snapshot is not None:
            rows = [(snapshot.revision, bytes(snapshot.state)), *(row for row in rows if row[0] > snapshot.revision)]
    try:
        bounds.apply_kept(draft.doc, (update for _, update in rows))
    except BadUpdate as fault:
        raise bounds.unreadable(fault) from fault
    if rows:
        draft.revision = rows[-1][0]
        draft.bytes += sum(len(update) for _, update in rows)


@contextmanager
def _read_in(pipeline: str) -> Iterator[OpenDraft]:
    """The draft in memory, locked. It is loaded before the transaction: a large draft takes seconds, and must not block writers."""
    with _opened(pipeline) as draft:
        if draft.revision == 0 and (revision := _revision(pipeline)):
            with suppress(Refusal):  # the transaction rejects or replaces it
                _catch_up(draft, pipeline, revision)
        yield draft


def _revision(pipeline: str) -> int | None:
    return Pipeline.objects.filter(pk=pipeline).values_list("revision", flat=True).first()


def _updates(pipeline: str, after: int) -> list[tuple[int, bytes]]:
    found = DraftUpdate.objects.filter(pipeline_id=pipeline, revision__gt=after).order_by("revision").values_list("revision", "update")
    return [(revision, bytes(update)) for revision, update in found]


def _locked(pipeline: str) -> Pipeline:
    found = Pipeline.objects.select_for_update().defer("summary").filter(pk=pipeline).first()
    if found is None:
        raise absent()
    return found


def append(pipeline: str, update: bytes, by: User | None) -> EditResult:
    """Store an edit of a browser.

    Raises:
        BadUpdate: When it is invalid.
        Refusal: When the pipeline is gone.
    """
    scan = bounds.scan(update)  # a large one takes seconds, during which the database must stay free
    with _read_in(pipeline) as draft, transaction.atomic():
        found = _locked(pipeline)
        _catch_up(draft, pipeline, found.revision)
        if not draft.apply(update, scan) and draft.knows(update):
            return EditResult(found.revision, None)
        _keep(found, draft, update, by)
        return EditResult(found.revision, update)


def edit(pipeline: str, change: Change, by: User | None, expected: int | None = None, *, heals: bool = False) -> EditResult:
    """Change a draft on the server, as one edit.

    Args:
        pipeline: Its id.
        change: The change to apply.
        by: The user.
        expected: The revision that it must be at.
        heals: The change writes everything, so it replaces a draft that cannot be read.

    Raises:
        Refusal: 409 when the draft is not at the expected revision, or cannot be read; 404 when it is gone.
    """
    with _read_in(pipeline) as draft, transaction.atomic():
        found = _locked(pipeline)
        if expected is not None and expected != found.revision:
            raise Refusal(
                409,
                "conflict",
                f"The pipeline has changed: its revision is {found.revision}, not {expected}.",
                remedy="Read it again, and repeat the change.",
                revision=found.revision,
                headers={"ETag": f'"{found.revision}"'},
            )
        try:
            _catch_up(draft, pipeline, found.revision)
        except Refusal:
            if not heals:
                raise
            _drop_edits(found, draft)
        with draft.listening() as made, draft.doc.transaction():
            change(draft.doc)
        if not made:
            return EditResult(found.revision, None)
        (update,) = made
        draft.bytes += len(update)
        bounds.require_within(update)
        _keep(found, draft, update, by)
        return EditResult(found.revision, update)


def _drop_edits(pipeline: Pipeline, draft: OpenDraft) -> None:
    """Reset a draft that cannot be read; its revision continues."""
    DraftUpdate.objects.filter(pipeline=pipeline).delete()
    DraftSnapshot.objects.filter(pipeline=pipeline).delete()
    draft.start_over()
    draft.revision = pipeline.revision


def _keep(pipeline: Pipeline, draft: OpenDraft, update: bytes, by: User | None) -> None:
    pipeline.revision += 1
    DraftUpdate.objects.create(pipeline=pipeline, revision=pipeline.revision, update=update, by=by)
    pipeline.name, pipeline.updated_at, pipeline.updated_by = drafts.name_of(draft.doc), timezone.now(), by
    pipeline.save(update_fields=["revision", "name", "updated_at", "updated_by"])
    draft.revision = pipeline.revision
    if pipeline.revision % COMPACT_AFTER == 0:
        _compact(pipeline, draft)


def _compact(pipeline: Pipeline, draft: OpenDraft) -> None:
    """Merge old edits into the snapshot; the newest stay, for windows that are slightly behind."""
    facts = {"revision": draft.revision, "state": draft.doc.get_update()}
    DraftSnapshot.objects.update_or_create(pipeline=pipeline, defaults=facts)
    DraftUpdate.objects.filter(pipeline=pipeline, revision__lte=draft.revision - KEPT_BEHIND).delete()


@contextmanager
def _current(pipeline: str) -> Iterator[OpenDraft]:
    """The draft as of the database now, for reading."""
    with _opened(pipeline) as draft:
        revision = _revision(pipeline)
        if revision is None:
            raise absent()
        _catch_up(draft, pipeline, revision)
        yield draft


def read_draft(pipeline: str) -> tuple[int, Reading]:
    """The draft as JSON, and its revision."""
    with _current(pipeline) as draft:
        return draft.revision, draft.reading()


def vector(pipeline: str) -> tuple[int, bytes]:
    """The Yjs state vector of the draft, and its revision."""
    with _current(pipeline) as draft:
        return draft.revision, draft.doc.get_state()


def missing(pipeline: str, vector: bytes) -> bytes:
    """The updates that a browser with this state vector lacks.

    Raises:
        BadUpdate: When it is not a state vector.
    """
    bounds.clocks_of(vector)
    with _current(pipeline) as draft:
        try:
            return draft.doc.get_update(vector)
        except BaseException as fault:
            raise bounds.as_bad_update(fault) from fault


def since(pipeline: str, after: int) -> tuple[int, list[bytes]]:
    """Edits after a revision, at most one page, and the revision they lead to; one merged update when the old edits are compacted."""
    found = DraftUpdate.objects.filter(pipeline_id=pipeline, revision__gt=after).order_by("revision")
    rows = list(found.values_list("revision", "update")[:PAGE])
    if rows and rows[0][0] == after + 1:
        return rows[-1][0], [bytes(update) for _, update in rows]
    with _current(pipeline) as draft:
        return draft.revision, [draft.doc.get_update()] if draft.revision > after else []
