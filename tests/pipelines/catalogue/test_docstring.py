"""Docstrings with the sections that modules have."""

from pipelines.catalogue.docstring import EXAMPLE, WHEN, parse, section


def told(rows=1):
    """Keep rows.

    Ties stay in order.

    When to use:
        To see less,
        more often.

    Args:
        rows: How many.

    Example:
        rows: 3
        table: data.dataset
    """


def test_sections_are_no_part_of_the_help():
    doc = parse(told)
    assert (doc.short_description, doc.long_description) == ("Keep rows.", "Ties stay in order.")
    assert section(doc, WHEN) == "To see less,\nmore often."
    assert section(doc, EXAMPLE) == "rows: 3\ntable: data.dataset"
    assert [entry.arg_name for entry in doc.params] == ["rows"]


def test_a_section_that_is_not_there_is_empty():
    assert section(parse(test_sections_are_no_part_of_the_help), WHEN) == ""
