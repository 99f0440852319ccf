"""Short forms of the values that a search tries."""

from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.catalogue.params import Param, ParamKind, Range
from pipelines.modelling.search.distributions import Numbers, Values, parsed


def number(text, kind=ParamKind.NUMBER, **bounds):
    param = Param("rate", "Rate", kind, range=Range(**bounds))
    return parsed(text, lambda value: param.read(float(value)), whole=kind is ParamKind.INTEGER, number=True, bounds=param.range)


whole = partial(number, kind=ParamKind.INTEGER)


@pytest.mark.parametrize(
    ("found", "ends"),
    [
        (number("uniform(0.5, 1)"), [0.5, 1.0]),
        (number("loguniform(0.01, 100)"), [0.01, 100.0]),
        (number("quniform(10, 100, 25)"), [10, 85]),
        (whole("uniform(2, 5)"), [2, 5]),
        (whole("qloguniform(2, 65, 2)"), [2, 64]),
        (whole("randint(4)"), [0, 3]),
        (number("lognormal(0, 1)"), [0.01832, 54.598]),
        (number("qnormal(10, 2, 0.5)"), [2, 18]),
        (number("normal(0, 1)", min=0, exclusive_min=True), [0.0, 4.0]),
    ],
)
def test_a_distribution_goes_from_end_to_end(found, ends):
    assert [found.at(0.0), found.at(1.0)] == pytest.approx(ends, rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("text", ["1; 2; 4", "choice(1, 2, 4)", " 1;2 ;4; 4"])
def test_values_and_the_choice_of_hyperdrive_are_the_same(text):
    assert number(text) == Values((1.0, 2.0, 4.0))


def test_a_logarithmic_range_is_even_over_the_logarithm_and_a_bell_is_a_bell():
    assert number("loguniform(0.01, 100)").at(0.5) == pytest.approx(1)
    assert number("normal(10, 2)").at(0.5) == pytest.approx(10)
    assert number("normal(10, 2)").at(0.8413) == pytest.approx(12, abs=0.01)
    assert number("lognormal(0, 1)").at(0.5) == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["uniform(0, 7)", "quniform(1, 9, 2)", "loguniform(1, 64)", "normal(5, 2)", "lognormal(1, 1)"]),
    st.booleans(),
    st.floats(0, 1),
)
def test_every_draw_is_of_the_range_and_a_share_is_that_of_its_value(text, is_whole, share):
    found = (whole if is_whole else number)(text, min=0, exclusive_min=True) if text[0] != "u" else (whole if is_whole else number)(text)
    value = found.at(share)
    assert found.holds(value)
    assert isinstance(value, int) is is_whole
    if not is_whole and "q" not in text:
        assert found.at(found.share_of(value)) == pytest.approx(value, rel=1e-6, abs=1e-6)


def test_a_grid_holds_both_ends_and_no_value_twice():
    assert number("uniform(0, 1)").grid(5) == [0, 0.25, 0.5, 0.75, 1]
    assert whole("uniform(1, 3)").grid(5) == [1, 2, 3]
    assert number("3; 1").grid(1) == (3, 1)
    assert len(number("normal(0, 1)").grid(3)) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("uniform(1, 0)", "lower to the higher"),
        ("uniform(0, 1)", "greater than 0"),
        ("loguniform(0, 1)", "above 0"),
        ("uniform(1)", "needs 2 finite numbers"),
        ("uniform(1, x)", "cannot be searched"),
        ("uniform(1, inf)", "finite"),
        ("quniform(1, 2, 0)", "step above 0"),
        ("normal(1, -2)", "deviation above 0"),
        ("lognormal(1000, 2)", "too large"),
        ("normal(-50, 1)", "no values"),
        ("", "1 to 1,000 values"),
        ("; ;", "1 to 1,000 values"),
    ],
)
def test_what_cannot_be_read_is_said(text, words):
    with pytest.raises(ValueError, match=words):
        number(text, min=0, exclusive_min=True)


def test_texts_have_values_only():
    assert parsed("50; 100, 50", str, whole=False, number=False, bounds=Range()) == Values(("50", "100, 50"))
    with pytest.raises(ValueError, match="no numbers"):
        parsed("uniform(1, 2)", str, whole=False, number=False, bounds=Range())


def test_a_range_of_one_number_is_that_number():
    assert number("uniform(2, 2)") == Numbers(2.0, 2.0)
    assert number("uniform(2, 2)").at(0.7) == 2 and number("uniform(2, 2)").share_of(2) == 0.5
