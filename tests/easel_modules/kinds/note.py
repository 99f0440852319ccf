"""Notes: plain text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipelines.catalogue.kind import Download, FileKind, Loader


@dataclass(frozen=True)
class Note:
    """A text."""

    text: str


def _lines(note: Note, file: Path, /, *, raw: bool) -> None:
    file.write_text("".join(f"{at},{line}\n" for at, line in enumerate(note.text.splitlines(), 1)))


KIND = FileKind[Note](
    types=(Note,),
    title="note",
    icon="M2 0.8h5.2L10 3.6v7.6H2Z",
    colours=("#58616c", "#a3acb7"),
    downloads={"txt": Download("Text", "text/plain"), "csv": Download("Numbered lines (CSV)", "text/csv", _lines)},
    write=lambda note, file: file.write_text(note.text, "utf-8"),
    read=lambda file: Note(file.read_text("utf-8")),
    loader=Loader(id="trial.load_note", title="Load Note", icon="notes", when="To read it again.", goes_to="Recite"),
)
