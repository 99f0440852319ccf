"""Keeping drafts: every edit is in the database before anybody is told of it.

The database is the truth; each process holds the drafts in use in memory and brings them up to date from it, under a lock per draft.
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
from pycrdt import Doc, TransactionEvent, merge_updates

from designer.documents import bounds
from designer.documents import yjs_read as drafts
from designer.documents.bounds import Scan
from designer.documents.lib0 import BadUpdate
from designer.documents.models import DraftSnapshot, DraftUpdate, Pipeline
from designer.documents.yjs_read import Reading, Shared
from designer.http.errors import Refusal, absent

Change = Callable[[Shared], None]
MOST_OPEN = 64
COMPACT_AFTER = 500
KEPT_BEHIND = 100
PAGE = 200
NOTHING = b"\x00\x00"


@dataclass(frozen=True)
class EditResult:
    """An edit in the database: the draft's revision since, and the bytes; None when the edit changed nothing."""

    revision: int
    update: bytes | None


class OpenDraft:
    """A draft in memory, as of a revision."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.start_over()

    def start_over(self) -> None:
        """Forget everything; the database will tell."""
        self.doc: Shared = Doc(allow_multithreading=True)
        self.revision = 0
        self._read: tuple[int, Reading] | None = None

    @contextmanager
    def listening(self) -> Iterator[list[bytes]]:
        """What changes meanwhile. A document that is still observed refers to itself, and its memory is never freed."""
        heard: list[bytes] = []

        def hear(event: TransactionEvent) -> None:
            if event.update != NOTHING:
                heard.append(event.update)

        subscription = self.doc.observe(hear)
        try:
            yield heard
        finally:
            self.doc.unobserve(subscription)

    def apply(self, update: bytes, found: Scan) -> list[bytes]:
        """Apply an edit that was scanned; what it changed.

        Raises:
            BadUpdate: When it is none, or nested too deep. The draft is not to be used any more.
        """
        with self.listening() as heard:
            bounds.apply_scanned(self.doc, update)
        if found.types and not found.covered_by(self.doc.get_state()):
            raise BadUpdate("it adds to an edit that the server does not have")
        if not found.rooted:  # it adds shared types to some that were here before
            bounds.check(self.doc)
        return heard

    def reading(self) -> Reading:
        """The draft as JSON, read once a revision: a thousand nodes take 0.1 s, and who checks a draft mostly runs it next."""
        if self._read is None or self._read[0] != self.revision:
            self._read = self.revision, drafts.to_json(self.doc)
        return self._read[1]

    def knows(self, update: bytes) -> bool:
        """Whether an edit that changed nothing is here already; else it waits for one that it builds on, and must be kept."""
        everything = self.doc.get_update()
        return bool(merge_updates(everything, update) == merge_updates(everything, everything))


_open: OrderedDict[str, OpenDraft] = OrderedDict()
_open_lock = threading.Lock()


@contextmanager
def _opened(pipeline: str) -> Iterator[OpenDraft]:
    """The draft in memory, held; forgotten when anything goes wrong, since it may then hold what the database does not."""
    with _open_lock:
        draft = _open.setdefault(pipeline, OpenDraft())
        _open.move_to_end(pipeline)
        while len(_open) > MOST_OPEN:
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
    if draft.revision > revision:  # the database was set back under a running process
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


@contextmanager
def _read_in(pipeline: str) -> Iterator[OpenDraft]:
    """The draft in memory, held. What is kept of it is read before the transaction: a large draft takes seconds, in which nobody must wait to write."""
    with _opened(pipeline) as draft:
        if draft.revision == 0 and (revision := _revision(pipeline)):
            with suppress(Refusal):  # in the transaction it is refused, or replaced
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
    """Keep an edit that a browser made.

    Raises:
        BadUpdate: When it is none.
        Refusal: When the pipeline is gone.
    """
    scan = bounds.scan(update)  # a large one takes seconds, in which nobody must wait for the database
    with _read_in(pipeline) as draft, transaction.atomic():
        found = _locked(pipeline)
        _catch_up(draft, pipeline, found.revision)
        if not draft.apply(update, scan) and draft.knows(update):
            return EditResult(found.revision, None)
        _keep(found, draft, update, by)
        return EditResult(found.revision, update)


def edit(pipeline: str, change: Change, by: User | None, expected: int | None = None, *, heals: bool = False) -> EditResult:
    """Change a draft from here, as one edit.

    Args:
        pipeline: Its id.
        change: What to do.
        by: Who does it.
        expected: The revision that it must be at.
        heals: The change writes everything, so a draft that cannot be read is replaced by it.

    Raises:
        Refusal: 409 when the draft is not at the expected revision, or cannot be read; 404 when it is gone.
    """
    with _read_in(pipeline) as draft, transaction.atomic():
        found = _locked(pipeline)
        if expected is not None and expected != found.revision:
            raise Refusal(
                409,
                "conflict",
                f"The pipeline has changed: it is at revision {found.revision}, not {expected}.",
                remedy="Read it again, and make the change on that.",
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
        _bounded(update)
        _keep(found, draft, update, by)
        return EditResult(found.revision, update)


def _drop_edits(pipeline: Pipeline, draft: OpenDraft) -> None:
    """Start a draft over that cannot be read; its revision goes on."""
    DraftUpdate.objects.filter(pipeline=pipeline).delete()
    DraftSnapshot.objects.filter(pipeline=pipeline).delete()
    draft.start_over()
    draft.revision = pipeline.revision


def _bounded(update: bytes) -> None:
    """What the API writes keeps to the bounds of all edits."""
    try:
        bounds.scan(update)
    except BadUpdate as fault:
        words = f"The pipeline cannot be kept: {fault}."
        raise Refusal(422, "too_deep", words, remedy="Use settings that are nested less deep.") from fault


def _keep(pipeline: Pipeline, draft: OpenDraft, update: bytes, by: User | None) -> None:
    pipeline.revision += 1
    DraftUpdate.objects.create(pipeline=pipeline, revision=pipeline.revision, update=update, by=by)
    pipeline.name, pipeline.updated_at, pipeline.updated_by = drafts.name_of(draft.doc), timezone.now(), by
    pipeline.save(update_fields=["revision", "name", "updated_at", "updated_by"])
    draft.revision = pipeline.revision
    if pipeline.revision % COMPACT_AFTER == 0:
        _compact(pipeline, draft)


def _compact(pipeline: Pipeline, draft: OpenDraft) -> None:
    """Fold old edits into the snapshot; the newest stay, for those who are a little behind."""
    facts = {"revision": draft.revision, "state": draft.doc.get_update()}
    DraftSnapshot.objects.update_or_create(pipeline=pipeline, defaults=facts)
    DraftUpdate.objects.filter(pipeline=pipeline, revision__lte=draft.revision - KEPT_BEHIND).delete()


@contextmanager
def _current(pipeline: str) -> Iterator[OpenDraft]:
    """The draft as it stands in the database now, to read."""
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
    """What the draft holds, as a Yjs state vector, and its revision."""
    with _current(pipeline) as draft:
        return draft.revision, draft.doc.get_state()


def missing(pipeline: str, vector: bytes) -> bytes:
    """What a browser with this state vector lacks.

    Raises:
        BadUpdate: When it is no state vector.
    """
    bounds.clocks_of(vector)
    with _current(pipeline) as draft:
        try:
            return draft.doc.get_update(vector)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:
            raise BadUpdate(str(fault)) from fault


def since(pipeline: str, after: int) -> tuple[int, list[bytes]]:
    """Edits after a revision, at most a page, and the revision they lead to; all in one when the old ones are folded away."""
    found = DraftUpdate.objects.filter(pipeline_id=pipeline, revision__gt=after).order_by("revision")
    rows = list(found.values_list("revision", "update")[:PAGE])
    if rows and rows[0][0] == after + 1:
        return rows[-1][0], [bytes(update) for _, update in rows]
    with _current(pipeline) as draft:
        return draft.revision, [draft.doc.get_update()] if draft.revision > after else []
