"""A module's refusal carries code, words, place and remedy."""

from pipelines.catalogue.errors import ModuleError


def test_a_refusal_says_where_and_what_to_do():
    wrong = ModuleError("unknown_column", "There is none.", port="table", param="column", column="a", remedy="Choose one.")
    assert str(wrong) == wrong.words == "There is none."
    assert (wrong.code, wrong.port, wrong.param, wrong.column, wrong.remedy) == ("unknown_column", "table", "column", "a", "Choose one.")
