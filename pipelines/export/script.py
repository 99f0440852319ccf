"""Writes a plan as a Python script, or as a notebook with a cell for each node."""

from __future__ import annotations

import json
import keyword
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pipelines.catalogue.connection import ConnectionKind
from pipelines.catalogue.discover import Catalogue
from pipelines.compilation import Plan
from pipelines.export.bundle import PACKAGE, PYTHON, requirements, sources
from pipelines.export.calls import Call, Calls, DataFile, identifier
from pipelines.export.obstacles import codes_of, differences, modules_of
from pipelines.graph.model import Graph

TOOLS = "run, data, connection = session.run, session.data, session.connection"
STORAGE = "s3fs"


@dataclass(frozen=True)
class Place:
    """A connection without its secret, as a script declares it."""

    kind: str
    address: str
    user: str
    endpoint: str
    has_secret: bool


def declared(places: Mapping[str, Place]) -> dict[str, dict[str, str]]:
    """Return what a script has of connections: each secret is a variable of the environment, under a name of its own."""
    found: dict[str, dict[str, str]] = {}
    taken: set[str] = set()
    for name, place in places.items():
        public = {"kind": place.kind, "address": place.address, "user": place.user, "endpoint": place.endpoint}
        found[name] = {key: value for key, value in public.items() if value}
        if place.has_secret:
            wanted = f"{identifier(name).upper().strip('_')}_SECRET"
            variable = next(each for each in (wanted, *(f"{wanted}_{at}" for at in range(2, len(taken) + 3))) if each not in taken)
            taken.add(variable)
            found[name]["secret"] = variable
    return found


@dataclass(frozen=True)
class Exported:
    """A script and a notebook of a pipeline; `files` are the datasets that they read."""

    name: str
    script: str
    notebook: str
    files: Sequence[DataFile]


def export(
    graph: Graph, plan: Plan, catalogue: Catalogue, scopes: Mapping[str, str], left_out: Mapping[str, str], places: Mapping[str, Place]
) -> Exported:
    """Write a plan without obstacles.

    Args:
        graph: The graph with references to parameters.
        plan: Its plan, in which the parameters have their defaults.
        catalogue: The modules.
        scopes: The scope of each dataset by its digest.
        left_out: The nodes that are not finished, with the reasons.
        places: The connections that the steps name.
    """
    calls = Calls(graph, plan, catalogue, scopes)
    modules = list(modules_of(plan, catalogue).values())
    nested = any(step.paths or step.body for step in plan.steps.values())
    files = sources(modules, nested=nested, parameters=bool(graph.parameters))
    storage = [STORAGE] if any(each.kind == ConnectionKind.S3 for each in places.values()) else []
    code = [code for _, language, code in codes_of(plan, catalogue) if language == "python"]
    needs = requirements(files, modules, storage, code)
    notes = [*(f"{node} is left out: {reason}" for node, reason in left_out.items()), *differences(plan, catalogue)]
    parts = Parts(graph, calls, files, needs, notes, declared(places))
    return Exported(identifier(graph.name), "\n".join(_script(parts)), _notebook(parts), list(calls.files.values()))


@dataclass(frozen=True)
class Parts:
    """What a script is made of."""

    graph: Graph
    calls: Calls
    files: Mapping[str, str]
    needs: Sequence[str]
    notes: Sequence[str]
    connections: Mapping[str, Mapping[str, str]]


def _metadata(needs: Sequence[str]) -> Iterator[str]:
    """Yield the inline metadata of a script (PEP 723)."""
    yield "# /// script"
    yield f'# requires-python = "{PYTHON}"'
    yield "# dependencies = ["
    yield from (f'#     "{each}",' for each in needs)
    yield "# ]"
    yield "# ///"


def _about(parts: Parts) -> Iterator[str]:
    data = ", ".join(file.name for file in parts.calls.files.values())
    yield f"{_plain(parts.graph.name)}: a pipeline of Easel as Python. It needs the packages above, and nothing of Easel."
    yield ""
    yield "`pipeline` has a call for each node; the modules that it calls are below, as they are in Easel, so the figures are the same."
    if data:
        yield f"It reads {data}, from the folder data beside it unless another one is given."
    if secrets := [f"{each['secret']} (connection {name})" for name, each in parts.connections.items() if "secret" in each]:
        yield f"It needs these variables of the environment, with the secrets of connections: {', '.join(secrets)}."
    yield from (f"Note: {_plain(note)}" for note in parts.notes)


def _plain(text: str) -> str:
    """Return a text that ends no string."""
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _script(parts: Parts) -> Iterator[str]:
    yield from _metadata(parts.needs)
    yield '"""' + "\n".join(line for each in _about(parts) for line in (textwrap.wrap(each, 118) or [""]))
    yield '"""'
    yield ""
    yield "import argparse"
    yield "import sys"
    yield "from pathlib import Path"
    yield ""
    yield f"PARAMETERS = {_literal(parts.graph.parameters)}"
    yield from _connections(parts)
    yield ""
    yield ""
    yield "def pipeline(session, p):"
    yield '    """Call the modules in order. Each result has the outputs of its module by name; `p` are the parameters."""'
    yield f"    {TOOLS}"
    for call in parts.calls.calls:
        yield ""
        yield from _indented(call)
    yield ""
    yield "    return {" + ", ".join(f"{call.node!r}: {call.name}" for call in parts.calls.calls) + "}"
    yield ""
    yield ""
    yield from MAIN.splitlines()
    yield ""
    yield ""
    yield from _sources(parts.files)
    yield ""
    yield ""
    yield 'if __name__ == "__main__":'
    yield "    main()"
    yield ""


def _connections(parts: Parts) -> Iterator[str]:
    """Yield the connections, one a line; `secret` is the name of a variable of the environment."""
    if not parts.connections:
        yield "CONNECTIONS = {}"
        return
    yield "CONNECTIONS = {"
    yield from (f"    {name!r}: {dict(each)!r}," for name, each in parts.connections.items())
    yield "}"


def _indented(call: Call) -> Iterator[str]:
    """Yield the lines of a call within a function; those within a text of several lines stay as they are."""
    for statement in call.lines:
        first, *rest = statement.split("\n")
        yield f"    {first}"
        yield from rest


MAIN = '''def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, conflict_handler="resolve")
    here = Path(__file__).resolve().parent
    parser.add_argument("--data-dir", type=Path, default=here / "data", metavar="DIR", help="where the datasets are")
    parser.add_argument("--results-dir", type=Path, metavar="DIR", help="where tables (Parquet) and reports (JSON) are written; none if omitted")
    unpack()
    if PARAMETERS:
        from pipeline_modules.export.values import add_arguments

        add_arguments(parser, PARAMETERS)
    asked = vars(parser.parse_args())
    given = {name.removeprefix("parameter "): value for name, value in asked.items() if name.startswith("parameter ") and value is not None}
    from pipeline_modules.export.session import Failed, Session

    try:
        pipeline(Session(asked["data_dir"], asked["results_dir"], CONNECTIONS), parameters(**given))
    except Failed as failed:
        sys.exit(str(failed))


def parameters(**given):
    """Return the value of each parameter: the given one, else its default."""
    if not PARAMETERS:
        return None
    from pipeline_modules.export.values import read

    return read(PARAMETERS, given)


def unpack():
    """Write the modules into a temporary folder, from which Python imports them; it is deleted at the end."""
    import atexit
    import os
    import shutil
    import tempfile

    os.environ["EASEL_TRUST_SCRIPTS"] = "1"  # code in nodes runs with the rights of the person who runs this script
    folder = Path(tempfile.mkdtemp(prefix="pipeline_"))
    atexit.register(lambda owner=os.getpid(): shutil.rmtree(folder, ignore_errors=True) if os.getpid() == owner else None)
    for name, text in MODULES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    sys.path.insert(0, str(folder))'''


def _sources(files: Mapping[str, str]) -> Iterator[str]:
    yield "# The modules and what they use, unchanged but for the name of the package."
    yield "MODULES = {}"
    for path, text in files.items():
        yield f"MODULES[{path!r}] = {_text(text)}"


def _text(text: str) -> str:
    if "'''" in text or text.endswith(("'", "\\")):
        return repr(text)
    return "r'''" + text + "'''"


def _literal(parameters: Mapping[str, Any]) -> str:
    return repr({name: dict(each) for name, each in parameters.items()})


def _notebook(parts: Parts) -> str:
    """Return a notebook (nbformat 4.5)."""
    about = [
        f"# {parts.graph.name}",
        "",
        *_about(parts),
        "",
        "It was made with these packages:",
        "",
        *(f"- `{each}`" for each in parts.needs),
    ]
    start = [
        "import sys",
        "from pathlib import Path",
        "",
        f"PARAMETERS = {_literal(parts.graph.parameters)}",
        *_connections(parts),
        *MAIN.partition("\n\n\n")[2].splitlines(),
        "",
        *_sources(parts.files),
        "",
        "unpack()",
        f"from {PACKAGE}.export.session import Session",
    ]
    begin = [
        "session = Session(Path('data'), connections=CONNECTIONS)  # the folder of the datasets",
        TOOLS,
        f"p = parameters({_given(parts.graph.parameters)})",
    ]
    cells = [_cell("markdown", about), _cell("code", start, hidden=True), _cell("code", begin)]
    cells += [_cell("code", [*call.lines, *_shown(call, parts)]) for call in parts.calls.calls]
    for at, cell in enumerate(cells):
        cell["id"] = sha256(f"{at} {cell['source']}".encode()).hexdigest()[:8]
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def _given(parameters: Mapping[str, Any]) -> str:
    """Return the values of parameters as arguments, to be changed by hand."""
    values = {name: each.get("default") for name, each in parameters.items()}
    if any(map(keyword.iskeyword, values)):
        return f"**{values!r}"
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def _shown(call: Call, parts: Parts) -> Iterator[str]:
    """Yield what shows the first output, if it is a table."""
    if first := parts.calls.first_table(call.node):
        yield f"{call.name}.{first}.frame"


def _cell(kind: str, lines: Sequence[str], *, hidden: bool = False) -> dict[str, Any]:
    more: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
    return {"cell_type": kind, "metadata": metadata, "source": "\n".join(lines), **more}
