"""Only the ledger inserts and changes rows of runs, steps, items and events (decision 1). Retention deletes the rows of whole finished runs."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
LEDGER = "pipelines/runtime/ledger/"
ROWS = {"Run", "Step", "Event", "Fan", "Item", "ItemValue"}
RELATED = {"steps", "events", "fans", "items"}  # the related names of Step, Event, Fan and Item
CHANGES = {"save", "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
CHANGES |= {f"a{name}" for name in CHANGES}
DELETES = {"delete", "adelete"}
MAY_DELETE = {"pipelines/runtime/storage/garbage_collection.py", "pipelines/runtime/storage/purge.py"}


def sources() -> Iterator[Path]:
    for folder in ("pipelines", "designer"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def names_in(tree: ast.AST | None) -> set[str]:
    """Every name in an annotation."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} if tree else set()


def root_of(expression: ast.AST) -> str | None:
    """The name that a chain of attributes and calls starts with."""
    while isinstance(expression, ast.Attribute | ast.Call | ast.Subscript):
        expression = expression.func if isinstance(expression, ast.Call) else expression.value
    return expression.id if isinstance(expression, ast.Name) else None


def targets_of(node: ast.AST) -> tuple[list[ast.AST], ast.AST | None]:
    """What a statement binds, and the expression that it binds it to."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return list(targets), value
        case ast.AnnAssign(target=target, value=value) | ast.NamedExpr(target=target, value=value):
            return [target], value
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            return [target], value
        case ast.withitem(optional_vars=target, context_expr=value) if target:
            return [target], value
    return [], None


def row_names(tree: ast.Module) -> set[str]:
    """The names in a file that may hold a run, a step, an event, or a query of them."""
    held = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "pipelines.models"
        for alias in node.names
        if alias.name in ROWS
    }
    while held:
        more = set(held)
        for node in ast.walk(tree):
            targets, value = targets_of(node)
            if value is not None and root_of(value) in held:
                more |= {target.id for target in targets if isinstance(target, ast.Name)}
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and names_in(node.returns) & held:
                more.add(node.name)
            if isinstance(node, ast.arg) and names_in(node.annotation) & held:
                more.add(node.arg)
        if more == held:
            break
        held = more
    return held


def writes(code: str) -> Iterator[tuple[int, str]]:
    """Line and method of every call that writes a row of these models."""
    tree = ast.parse(code)
    held = row_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES | DELETES:
            chain = [each.attr for each in ast.walk(node.func.value) if isinstance(each, ast.Attribute)]
            if root_of(node.func.value) in held or RELATED & set(chain):
                yield node.lineno, node.func.attr


def test_only_the_ledger_writes_runs_steps_and_events():
    found = []
    for path in sources():
        name = str(path.relative_to(ROOT))
        for line, method in writes(path.read_text()):
            if not name.startswith(LEDGER) and not (method in DELETES and name in MAY_DELETE):
                found.append(f"{name}:{line} .{method}")
    assert found == [], "move it to a function of the ledger"


def test_a_write_is_recognized_behind_any_name():
    imported = "from pipelines.models import Run, Step as S\n"
    for code, method in {
        "S.objects.filter(pk=1).update(state='done')": "update",
        "mine = S.objects.all()\nmine.filter(a=1).update(b=2)": "update",
        "def end(run: Run | None):\n    run.save()": "save",
        "def due() -> QuerySet[S]: ...\ndue().delete()": "delete",
        "for one in Run.objects.all():\n    one.steps.update(a=1)": "update",
        "if found := Run.objects.first():\n    found.save()": "save",
    }.items():
        assert [found for _, found in writes(imported + code)] == [method], code
    assert list(writes("from pipelines.compilation import Step\nfound = {}\nfound.update(a=Step())")) == []
