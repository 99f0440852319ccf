"""The reference of problem codes."""

import ast

from designer.site.problem_codes import ROOT, entries, page
from pipelines.catalogue.problem_codes import CODE


def found(code):
    return [entry for entry in entries() if entry.code == code]


def test_the_page_is_up_to_date():
    assert (ROOT / "docs" / "problem-codes.md").read_text() == page(), "run: python manage.py problem_codes docs/problem-codes.md"


def test_sentences_are_found_in_calls_variables_and_makers():
    (reserved,) = (entry for entry in found("reserved_name") if entry.file.endswith("training/_rows.py"))
    assert (
        reserved.words == "The label is named “…”, like a column that Score Model adds."
        and reserved.remedy == "Rename it with Edit Metadata."
    )
    assert any("exceeded its memory limit" in entry.words or entry.words for entry in found("out_of_memory"))
    assert {entry.file for entry in found("weight_out_of_range")} == {"pipelines/modelling/features.py"}, (
        "by a function that returns the error"
    )


def test_every_code_has_a_sentence():
    assert [entry for entry in entries() if not entry.words] == []


def test_every_literal_code_in_the_sources_is_listed():
    """Codes as the first argument of ModuleError and Problem, counted in another way."""
    codes = set()
    for file in [*(ROOT / "pipelines").rglob("*.py"), *(ROOT / "designer").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("ModuleError", "Problem") and node.args:
                codes |= {
                    each.value
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and CODE.fullmatch(each.value)
                }
    listed = {entry.code for entry in entries()}
    assert codes - listed == set()
