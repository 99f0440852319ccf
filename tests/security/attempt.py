"""An attempt to escape, as data, and the script that it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Any

# What every attempt has at hand. `attempt()` returns what it gained, or raises; whatever it gains is an escape.
PRELUDE = '''
import ctypes, errno, fcntl, glob, json, mmap, os, pathlib, platform, resource, shutil, signal, socket, stat, struct, subprocess, sys, threading, time
import polars as pl

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(name, *arguments):
    """A system call by name."""
    done = libc.syscall(ctypes.c_long(WORLD["calls"][name]), *(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    if done < 0:
        raise OSError(ctypes.get_errno(), name)
    return f"{name} gave {done}"

def wires():
    """The pipe to the outside, wherever it is hidden."""
    for name in os.listdir("/proc/self/fd"):
        try:
            if int(name) > 2 and stat.S_ISFIFO(os.fstat(int(name)).st_mode):
                yield int(name)
        except OSError:
            pass

def say(message):
    """A forged message."""
    text = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\\n"
    for wire in wires():
        view = memoryview(text)
        while view:
            view = view[os.write(wire, view):]

def record(digest, kind="table", **more):
    columns = [{"name": "a", "dtype": "Int64", "kind": "number"}]
    return {"kind": kind, "digest": digest, "bytes": 1, "rows": 1, "columns": columns, "report": None} | more

def done(digest, kind="table", model=None, **more):
    """The end of the work, forged, with this record for the first output and sound ones for the others."""
    pl.DataFrame({"a": [1]}).write_ipc("/job/outputs/50bd", compression="uncompressed")
    with open("/job/outputs/50be", "w") as file:
        file.write('{"title": "", "blocks": [], "metrics": []}')
    sound = {port: record("50bd") for port in ("second", "third", "fourth")} | {"report": record("50be", "report", report="50be")}
    sound["model"] = model or model_of(None)
    say({"type": "done", "outputs": {"first": record(digest, kind, **more), **sound}})
    time.sleep(30)

def model_of(estimator, name="50bf"):
    """A record of a model with this estimator, which is written as it is."""
    from pipelines.catalogue.ports import Model
    from pipelines.kinds.model import save_model
    save_model(Model("forged", "regression", estimator, "a", ()), pathlib.Path("/job/outputs") / name)
    return record(name, "model", columns=None)

def without(*wrong):
    """Whether a file of the outside can be read, and what it says."""
    return [open(path, "rb").read(100) for path in wrong if os.path.exists(path)]

def main(first):
    got = {"name": [], "got": []}
    for name, code in CODES.items():
        around = dict(globals())
        exec(code, around)
        try:
            if gained := around["attempt"]():
                got["name"].append(name)
                got["got"].append(repr(gained)[:200])
        except Exception as refused:
            print(name, type(refused).__name__, refused, sep=": ")
    return pl.DataFrame(got, schema={"name": pl.String, "got": pl.String})
'''


@dataclass(frozen=True)
class Attempt:
    """One attempt.

    Args:
        name: What is tried.
        code: A script's `attempt()`.
        ends: The codes of problems that may end it; without, it must come back empty-handed.
        limits: Limits for it alone.
        bare: Whether it gains something where there are no walls, and may be tried there: that shows that the attempt is a real one.
        only: The one target that it is meant for.
        alone: Whether it needs a place of its own, because it would end or hinder what is tried after it.
    """

    name: str
    code: str
    ends: tuple[str, ...] = ()
    limits: dict[str, Any] = field(default_factory=dict)
    bare: bool = False
    only: str | None = None
    alone: bool = False

    @property
    def is_quiet(self) -> bool:
        """Whether it can be tried in one place with others."""
        return not (self.alone or self.ends or self.limits)


def script(attempts: Sequence[Attempt], world: dict[str, Any]) -> str:
    """The script that tries these, one after the other, in a world that it knows its way about; it returns what they gained."""
    codes = {attempt.name: dedent(attempt.code) for attempt in attempts}
    return f"WORLD = {world!r}\nCODES = {codes!r}\n{PRELUDE}"
