"""Tiers: the first that fails is told, and none after it."""

from pipelines.catalogue.discover import catalogue
from pipelines.graph.problem import Problem
from pipelines.validation import find_problems
from tests.support.graph_builder import chain, codes


def tier(*found):
    return [lambda graph, catalogue: iter([Problem(code, "words", severity=severity) for code, severity in found])]


def check(*tiers):
    return codes(find_problems(chain(1), catalogue(), tiers))


def test_the_first_tier_with_an_error_is_told_whole():
    assert check(tier(), tier(("a", "error"), ("b", "warning")), tier(("c", "error"))) == ["a", "b"]


def test_what_is_no_error_stops_nothing_and_is_told():
    assert check(tier(("a", "warning"), ("b", "unfinished")), tier(("c", "error")), tier(("d", "error"))) == ["a", "b", "c"]
    assert check(tier(("a", "unfinished"))) == ["a"]
