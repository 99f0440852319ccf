"""Settings: JSON values read by kind, within range, or refused with the rest of a sentence."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.catalogue.params import LARGEST_SEED, FormOf, Param, ParamKind, Range, When

K = ParamKind
NOT_NUMBERS = (None, True, "1", [], {}, float("nan"), float("inf"))


def param(kind, **facts):
    return Param("p", "P", kind, **facts)


@pytest.mark.parametrize(
    ("setting", "value", "read"),
    [
        (param(K.NUMBER), 1, 1.0),
        (param(K.NUMBER, range=Range(0, 1)), 1, 1.0),
        (param(K.INTEGER), 3.0, 3),
        (param(K.SEED), LARGEST_SEED, LARGEST_SEED),
        (param(K.TEXT), "", ""),
        (param(K.CODE), "select 1", "select 1"),
        (param(K.SWITCH), False, False),
        (param(K.CHOICE, choices=(("a", "A"), ("b", "B"))), "b", "b"),
        (param(K.COLUMN), "price", "price"),
        (param(K.NUMBER, nullable=True), None, None),
    ],
)
def test_a_value_of_its_kind_is_read(setting, value, read):
    assert setting.read(value) == read and type(setting.read(value)) is type(read)


def test_columns_are_read_with_their_place():
    selector = param(K.COLUMNS, port="left").read(["a"])
    assert (selector.named(), selector.param, selector.port) == (["a"], "p", "left")


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        (param(K.NUMBER), NOT_NUMBERS),
        (param(K.NUMBER, range=Range(0, 1)), (-0.1, 1.1, 10**400)),
        (param(K.NUMBER, range=Range(0, 1, exclusive_min=True, exclusive_max=True)), (0, 1)),
        (param(K.INTEGER), (*NOT_NUMBERS, 1.5, 1e999)),
        (param(K.INTEGER, range=Range(1)), (0, -5)),
        (param(K.SEED), (*NOT_NUMBERS, -1, 1.0, LARGEST_SEED + 1)),
        (param(K.TEXT), (None, 1, [], True)),
        (param(K.TEXT, required=True), ("", "  \n")),
        (param(K.SWITCH), (0, 1, "true", None)),
        (param(K.CHOICE, choices=(("a", "A"),)), ("A", "", 1, None, ["a"])),
        (param(K.COLUMN), ("", 1, ["a"])),
        (param(K.COLUMNS), ("some", 1, {"include": "all"}, [1])),
        (param(K.DATASET), (1, None)),
    ],
    ids=lambda it: it.kind.value if isinstance(it, Param) else "",
)
def test_any_other_value_is_refused(setting, values):
    for value in values:
        with pytest.raises(ValueError):
            setting.read(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(10**300, 10**400) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(json_values, st.sampled_from(ParamKind))
@example(10**400, K.INTEGER)
def test_any_json_is_read_or_refused_with_words(value, kind):
    try:
        param(kind, range=Range(0)).read(value)
    except ValueError as refused:
        assert str(refused)


def test_a_refusal_names_the_bound():
    with pytest.raises(ValueError, match="must be greater than 0, not -1"):
        param(K.NUMBER, range=Range(0, exclusive_min=True)).read(-1)
    with pytest.raises(ValueError, match="must be at most 5, not 6"):
        param(K.INTEGER, range=Range(0, 5)).read(6)


def test_a_setting_matters_while_another_has_one_of_its_values():
    setting = param(K.NUMBER, shown_when=When("mode", "rows", "share"))
    assert setting.matters({"mode": "share"})
    assert not setting.matters({"mode": "other"})
    assert not setting.matters({})


FORM = FormOf("shape", {"ball": (param(K.NUMBER, range=Range(0)),), "point": ()}.get)


def test_options_are_read_as_the_form_of_the_chosen_value_says():
    setting = param(K.OPTIONS, form=FORM)
    assert setting.read({"p": 1}, {"shape": "ball"}) == {"p": 1.0}
    assert setting.read({}, {"shape": "point"}) == {}
    assert setting.read({"p": -1}, {"shape": "gone"}) == {"p": -1}, "the choice is refused, which says more"


@pytest.mark.parametrize(
    ("value", "shape", "words"),
    [
        ({"p": -1}, "ball", "of ball: “p” must be at least 0, not -1"),
        ({"p": None}, "ball", "of ball: “p” needs a value"),
        ({"q": 1}, "ball", "of ball have no “q”, only p"),
        ([], "ball", "must be names and values (a JSON object)"),
        ({1: 2}, "ball", "must be names and values (a JSON object)"),
    ],
)
def test_options_that_do_not_fit_are_named(value, shape, words):
    with pytest.raises(ValueError) as refusal:
        param(K.OPTIONS, form=FORM).read(value, {"shape": shape})
    assert str(refusal.value) == words
