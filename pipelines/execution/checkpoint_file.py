"""The checkpoint of a step: a scratch file that is named by the key of its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from pipelines.execution.store import Store


@dataclass(frozen=True)
class CheckpointFile:
    """A file beside the drafts of a store, on this machine: it outlives the process that writes it, and is deleted with old drafts.

    Attempts of the same key compute the same, so the file of any of them serves every other, also in another run.
    """

    place: Path

    @classmethod
    def of(cls, key: str, store: Store) -> CheckpointFile:
        """Return the checkpoint that belongs to the key of a result."""
        return cls(store.aside(f"checkpoint-{key}"))

    def kept(self) -> Path | None:
        """Return the file, if there is one."""
        return self.place if self.place.is_file() else None

    def keep(self, write: Callable[[Path], object]) -> None:
        """Replace the file by what `write` writes: a process that is killed meanwhile leaves the earlier one.

        It is not synced: after a power failure the work starts again.
        """
        draft = self.place.with_name(f"{self.place.name}.{uuid4().hex}")
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(draft)
            draft.replace(self.place)
        finally:
            draft.unlink(missing_ok=True)

    def forget(self) -> None:
        """Delete the file, once the result is committed."""
        self.place.unlink(missing_ok=True)
