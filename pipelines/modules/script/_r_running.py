"""Running an R script: what it prints becomes notes while it runs, its errors sentences with the line."""

from __future__ import annotations

import codecs
import json
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.catalogue.errors import ModuleError
from pipelines.catalogue.ports import Table
from pipelines.catalogue.reporting import log
from pipelines.kinds.bundle import Bundle
from pipelines.modelling.user_code import Notes
from pipelines.modules.script import _r_tables
from pipelines.modules.script._r_bridge import BRIDGE

# The sandbox shows /usr; R's own start script would need /etc/R, so the program is started itself.
HOMES = ("/usr/lib/R", "/usr/lib64/R", "/usr/local/lib/R", "/usr/local/lib64/R")
LIBRARIES = ("/usr/local/lib/R/site-library", "/usr/lib/R/site-library", "/usr/lib64/R/library", "/usr/share/R/library")
INSTALL = "apt-get install r-base-core r-cran-nanoarrow"
LARGEST = 2**31 - 1  # the largest whole number of R
CHUNK = 64 * 1024
LOOK_SECONDS = 0.2
RETURN = "Return a data frame, or a list of data frames, at most two; numbers with names become metrics."


@dataclass(frozen=True)
class Returned:
    """What a script in R returned: tables, metrics, and its plots as PNG files' content."""

    tables: Sequence[Table]
    metrics: Mapping[str, float]
    plots: Sequence[bytes]


def home() -> Path | None:
    """Return where R is on this machine; None where it is not installed."""
    return next((Path(place) for place in HOMES if (Path(place) / "bin" / "exec" / "R").is_file()), None)


def run(code: str, tables: Sequence[Table | None], params: Mapping[str, Any], seed: int | None, bundle: Bundle | None = None) -> Returned:
    """Run a script in R on tables.

    Raises:
        ModuleError: When R is missing, or the script fails; with its line.
    """
    where = home()
    if where is None:
        raise ModuleError(
            "no_r",
            "R is not installed where this step runs.",
            remedy=f"Install it on the machines of the workers: {INSTALL}. Containers have no R: set “Run on” to Sandbox.",
        )
    with _folder() as place:
        try:
            for number, table in enumerate(tables, start=1):
                if table is not None:
                    _r_tables.give(table, number, place)
        except OSError as full:
            words = f"The tables do not fit into the working directory of the step: {full.strerror or full}."
            remedy = "Select fewer rows or columns, or raise the memory limit under “How it runs”: a quarter of it is the directory."
            raise ModuleError("tables_too_large", words, remedy=remedy) from full
        if bundle is not None:
            bundle.unpack(place / "work")
        (place / "bridge.R").write_text(BRIDGE)
        (place / "script.R").write_text(code.replace("\r\n", "\n"))
        (place / "params.R").write_text(literal(params))
        ended = _execute(where, place, seed)
        if not (place / "done").exists():
            raise _problem(place, ended)
        arrived = [table for table in tables if table is not None]
        found = sorted(place.glob("out-*-columns.arrow"))
        made = [_r_tables.taken(number + 1, place, arrived) for number in range(len(found))]
        return Returned(made, _r_tables.metrics(place), [file.read_bytes() for file in sorted(place.glob("plot-*.png"))])


def literal(value: Any) -> str:
    """Return a JSON value as an expression of R; lists of numbers, texts or booleans become vectors.

    Raises:
        ModuleError: `bad_params`, for a text that R cannot hold.
    """
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() if abs(value) <= LARGEST:
            return f"{value}L"
        case int() | float():
            return {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}.get(shown := repr(float(value)), shown)
        case str():
            if "\0" in value:
                words = "A setting has the character NUL, which R cannot hold."
                raise ModuleError("bad_params", words, param="params", remedy="Remove the character.")
            return json.dumps(value, ensure_ascii=False)
        case list():
            kinds = {float if type(each) is int else type(each) for each in value}
            simple = len(kinds) == 1 and kinds <= {float, str, bool}
            return f"{'c' if simple else 'list'}({', '.join(map(literal, value))})"
    names = literal([str(name) for name in value])
    return f"structure(list({', '.join(map(literal, value.values()))}), names = {names})" if value else "list()"


@contextmanager
def _folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="r-"))
    try:
        (place / "work").mkdir()
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _execute(where: Path, place: Path, seed: int | None) -> int:
    """Run R to its end, and end whatever it started; returns its exit code."""
    process = subprocess.Popen(
        [str(where / "bin" / "exec" / "R"), "--no-echo", "--vanilla", f"--file={place / 'bridge.R'}"],
        cwd=place / "work",
        env=_variables(where, place, seed),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _listen(process)
        return process.wait()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _variables(where: Path, place: Path, seed: int | None) -> dict[str, str]:
    shared = Path("/usr/share/R")
    own = {
        name: str(shared / part if (shared / part).is_dir() else where / part)
        for name, part in (("R_SHARE_DIR", "share"), ("R_DOC_DIR", "doc"))
    }
    libraries = os.pathsep.join(library for library in LIBRARIES if Path(library).is_dir())
    return own | {
        "R_HOME": str(where),
        "R_LIBS_SITE": libraries,
        "LD_LIBRARY_PATH": str(where / "lib"),
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(place / "work"),
        "TMPDIR": str(place),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "EASEL_R_PLACE": str(place),
        "EASEL_R_SEED": "" if seed is None else str(seed if seed < 2**31 else seed - 2**32),
    }


def _listen(process: subprocess.Popen[bytes]) -> None:
    """Note what R prints, until it ends; a child that holds the pipe open is not waited for."""
    decode = codecs.getincrementaldecoder("utf-8")
    assert process.stdout and process.stderr
    heard = {process.stdout: (Notes("info"), decode("replace")), process.stderr: (Notes("warning"), decode("replace"))}
    with selectors.DefaultSelector() as ready:
        for pipe in heard:
            ready.register(pipe, selectors.EVENT_READ)
        while ready.get_map():
            found = ready.select(LOOK_SECONDS)
            if not found and process.poll() is not None:
                break
            for key, _ in found:
                chunk = os.read(key.fd, CHUNK)
                notes, decoder = heard[key.fileobj]  # type: ignore[index]
                notes.write(decoder.decode(chunk, final=not chunk))
                if not chunk:
                    ready.unregister(key.fileobj)
    for notes, _ in heard.values():
        notes.flush()


def _problem(place: Path, ended: int) -> ModuleError:
    """What went wrong, as the bridge wrote it down."""
    file = place / "problem"
    kind, line, column, *words = file.read_text(errors="replace").splitlines() if file.exists() else ("", "", "")
    first, *rest = words or [""]
    match kind:
        case "script_failed":
            for call in _lines(place / "calls"):
                number, _, text = call.partition("\t")
                log(f"Line {number}: {text}", "error")
            for text in rest:
                log(text, "error")
            what = f"{f'Line {line}: ' if line else ''}{first[:500].strip().rstrip(':.') or 'an error without a message'}."
            return ModuleError(kind, what, param="code", remedy="Fix the script at this line.")
        case "out_of_memory":
            raise MemoryError(first)
        case "no_function":
            remedy = "Add “main <- function(first, second, third) { … }” and return a data frame from it."
            return ModuleError(kind, "The script does not define a function main.", param="code", remedy=remedy)
        case "wrong_return":
            return ModuleError(kind, f"main returned {first}.", param="code", remedy=RETURN)
        case "duplicate_column":
            words_ = f"Two columns are named “{column}”."
            return ModuleError(kind, words_, param="code", column=column, remedy="Rename one of them in the script.")
        case "object_column":
            words_ = f"“{column}” is a column {first}, which a table cannot store."
            return ModuleError(kind, words_, param="code", column=column, remedy="Convert it to numbers, text, factors or dates.")
        case "no_nanoarrow":
            return ModuleError("no_r", first, remedy=f"Install it on the machines of the workers: {INSTALL}.")
    how = f"by the signal {signal.Signals(-ended).name}" if ended < 0 else f"with the exit code {ended}"
    words_ = f"R ended {how} before main returned."
    return ModuleError("ended_early", words_, param="code", remedy="Remove quit() from the script, or see the log for what R said.")


def _lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").splitlines() if file.exists() else []
