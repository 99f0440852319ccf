"""Files, functions, modules and components stay small enough to be read at once."""

import ast
from pathlib import Path
from statistics import median, quantiles

import pytest

ROOT = Path(__file__).parents[2]
MOST_LINES = {"file": 300, "function": 50, "module": 120, "component": 120, "script": 300}
# What is over its budget now, and by how much at most; such a file may shrink but not grow.
OVER: dict[str, int] = {}


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def within(path: Path, kind: str) -> bool:
    return lines(path) <= OVER.get(str(path.relative_to(ROOT)), MOST_LINES[kind])


def python() -> list[Path]:
    return [path for folder in ("pipelines", "designer") for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]


def help_lines(path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a module's docstring, which is its help page; no other docstring is left out."""
    if "modules" not in path.parts or not node.decorator_list or ast.get_docstring(node) is None:
        return 0
    return node.body[0].end_lineno - node.body[0].lineno + 1


def functions() -> dict[str, int]:
    found = {}
    for path in python():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1 - help_lines(path, node)
    return found


def test_files_are_short():
    assert [str(path) for path in python() if not within(path, "file")] == []
    assert median(lines(path) for path in python()) <= 90


def test_functions_are_short():
    sizes = functions()
    assert {name: size for name, size in sizes.items() if size > MOST_LINES["function"]} == {}
    assert median(sizes.values()) <= 8
    assert quantiles(sizes.values(), n=10)[-1] <= 30


def test_a_module_is_one_short_file():
    modules = [path for path in (ROOT / "pipelines" / "modules").rglob("*.py") if not path.name.startswith("_")]
    assert [str(path) for path in modules if not within(path, "module")] == []


@pytest.mark.parametrize(("pattern", "kind"), [("*.tsx", "component"), ("*.ts", "script")])
def test_the_canvas_is_made_of_short_files(pattern, kind):
    files = [
        path for path in (ROOT / "frontend" / "src").rglob(pattern) if not any(kind in path.name for kind in (".test.", ".generated."))
    ]
    assert [str(path) for path in files if not within(path, kind)] == []


def test_what_is_over_its_budget_still_is():
    assert [name for name in OVER if lines(ROOT / name) <= MOST_LINES["file"]] == [], "well done: take it off the list"
