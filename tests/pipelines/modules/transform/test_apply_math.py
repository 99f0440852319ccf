"""Apply Math Operation."""

import math
from math import inf, nan, pi
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from scipy import integrate, stats

from pipelines.catalogue.discover import catalogue
from pipelines.catalogue.ports import ColumnRole, Table
from tests.pipelines.modules.examples import Example
from tests.pipelines.modules.refusing import refuses
from tests.support.module_runner import dataset, only

EXAMPLE = Example({"function": "ln"})
FUNCTIONS = [value for value, _ in catalogue().modules["transform.apply_math"].param("function").choices]


def math_of(table, function="abs", **settings):
    return only("transform.apply_math", {"function": function, **settings}, table=table).frame


def of(x, function, second=1.0):
    """The results for some numbers."""
    frame = pl.DataFrame({"x": x}, schema={"x": pl.Float64})
    return math_of(frame, function, constant=second, output="in_place")["x"].to_list()


def integral(function, low, high):
    return integrate.quad(function, low, high, epsabs=0, epsrel=1e-13, limit=200)[0]


def ein(x):
    return integral(lambda t: -math.expm1(-t) / t if t else 1.0, 0, x)


def double_factorial(n):
    return math.prod(range(int(n), 0, -2))


def psi(n, x):
    """The n-th derivative of ln Γ, plus one, by its series (n ≥ 1)."""
    terms = np.arange(1_000_000)
    tail = math.factorial(int(n) - 1) / (x + 1_000_000 - 0.5) ** n  # by the rule of midpoints
    return (-1) ** (n + 1) * (math.factorial(int(n)) * np.sum(1 / (x + terms) ** (n + 1)) + tail)


ANY = [-7.3, -2.5, -1.0, -0.4, 0.3, 1.0, 2.5, 12.0]
POSITIVE = [1e-9, 0.2, 1.0, 2.5, 8.0, 1000.0]
UNIT = [-1.0, -0.7, -0.1, 0.0, 0.25, 0.9, 1.0]
BEYOND = [-40.0, -2.0, -1.0, 1.0, 1.5, 9.0]
WHOLE = [0.0, 1.0, 2.0, 5.0, 12.0, 40.0]
SHAPE = [0.1, 0.5, 1.0, 3.0, 20.0]
# each function by other means: its points, and what it is there; with a second argument the constant too
PLAIN = {
    "abs": (ANY, abs),
    "cube_root": (ANY, lambda x: math.copysign(abs(x) ** (1 / 3), x)),
    "double_factorial": ([0.0, 1.0, 2.0, 7.0, 8.0, 25.0, 60.0, 61.0], double_factorial),
    "epsilon": (ANY, lambda x: math.ulp(x)),
    "exp": (ANY, math.exp),
    "exp2": (ANY, lambda x: 2**x),
    "exp_minus_1": ([*ANY, 1e-12], math.expm1),
    "factorial": (WHOLE, lambda x: math.factorial(int(x))),
    "ln": (POSITIVE, math.log),
    "ln_plus_1": ([-0.9, 1e-12, 4.0], math.log1p),
    "log10": (POSITIVE, math.log10),
    "log2": (POSITIVE, math.log2),
    "sqrt": (POSITIVE, math.sqrt),
    "sqrt_pi": (POSITIVE, lambda x: math.sqrt(x * pi)),
    "square": (ANY, lambda x: x * x),
    "ceiling": (ANY, math.ceil),
    "floor": (ANY, math.floor),
    "truncate": (ANY, math.trunc),
    "ceiling_power_2": ([0.3, 0.5, 1.0, 3.0, 4.0, 5.0, 1e6], lambda x: 2.0 ** next(n for n in range(-5, 40) if 2.0**n >= x)),
    "to_even": ([-3.1, -0.9, 0.4, 1.2, 2.9, 8.0], lambda x: min(range(-20, 20, 2), key=lambda n: abs(n - x))),
    "to_odd": ([-3.1, -0.9, 0.4, 1.2, 2.9, 8.5], lambda x: min(range(-19, 20, 2), key=lambda n: abs(n - x))),
    "elliptic_e": ([-2.0, 0.0, 0.5, 0.9], lambda m: integral(lambda t: math.sqrt(1 - m * math.sin(t) ** 2), 0, pi / 2)),
    "elliptic_k": ([-2.0, 0.0, 0.5, 0.9], lambda m: integral(lambda t: 1 / math.sqrt(1 - m * math.sin(t) ** 2), 0, pi / 2)),
    "erf": (ANY, math.erf),
    "erfc": (ANY, math.erfc),
    "erfc_scaled": ([-1.0, 0.0, 0.5, 3.0], lambda x: math.exp(x * x) * math.erfc(x)),
    "erf_inverse": ([-0.99, -0.2, 0.0, 0.7], lambda p: NormalDist().inv_cdf((p + 1) / 2) / math.sqrt(2)),
    "exponential_integral": ([-12.0, -2.0, -1.9, -0.3, 1e-9, 0.3, 1.999, 2.0, 30.0], ein),
    "gamma": ([-1.5, 0.5, 1.0, 5.0, 20.5], math.gamma),
    "gamma_ln": ([0.5, 1.0, 5.0, 1e6], math.lgamma),
    "cos": (ANY, math.cos),
    "sin": (ANY, math.sin),
    "tan": (ANY, math.tan),
    "cot": (ANY, lambda x: math.cos(x) / math.sin(x)),
    "csc": (ANY, lambda x: 1 / math.sin(x)),
    "sec": (ANY, lambda x: 1 / math.cos(x)),
    "cosh": (ANY, math.cosh),
    "sinh": (ANY, math.sinh),
    "tanh": (ANY, math.tanh),
    "coth": (ANY, lambda x: math.cosh(x) / math.sinh(x)),
    "csch": (ANY, lambda x: 1 / math.sinh(x)),
    "sech": (ANY, lambda x: 1 / math.cosh(x)),
    "acos": (UNIT, math.acos),
    "asin": (UNIT, math.asin),
    "atan": (ANY, math.atan),
    "acot": ([*ANY, 0.0], lambda x: math.atan2(1, x)),
    "acsc": (BEYOND, lambda x: math.asin(1 / x)),
    "asec": (BEYOND, lambda x: math.acos(1 / x)),
    "acosh": ([1.0, 1.5, 90.0], math.acosh),
    "asinh": (ANY, math.asinh),
    "atanh": ([-0.9, 0.0, 0.3], math.atanh),
    "acoth": ([-3.0, 1.5, 9.0], lambda x: math.log((x + 1) / (x - 1)) / 2),
    "acsch": (ANY, lambda x: math.asinh(1 / x)),
    "asech": ([0.1, 0.5, 1.0], lambda x: math.acosh(1 / x)),
    "argument": (ANY, lambda x: math.atan2(0, x)),
    "sign": ([*ANY, 0.0], lambda x: (x > 0) - (x < 0)),
    "sinc": ([*ANY, 0.0], lambda x: math.sin(x) / x if x else 1.0),
    "radians": (ANY, math.radians),
    "degrees": (ANY, math.degrees),
}
for name in ("cos", "sin", "tan", "cot", "csc", "sec"):
    plain = PLAIN[name][1]
    PLAIN[f"{name}_degrees"] = ([-200.0, -17.0, 1.0, 33.3, 400.0], lambda x, plain=plain: plain(math.radians(x)))
    points, inverse = PLAIN[f"a{name}"]
    PLAIN[f"a{name}_degrees"] = (points, lambda x, inverse=inverse: math.degrees(inverse(x)))
TWO = {
    "atan2": (ANY, -2.0, math.atan2),
    "hypotenuse": (ANY, 3.0, math.hypot),
    "log": (POSITIVE, 7.0, math.log),
    "nth_root": ([-27.0, 0.0, 8.0], 3.0, lambda x, n: math.copysign(abs(x) ** (1 / n), x)),
    "power": (POSITIVE, -1.5, lambda x, n: x**n),
    "equal": (ANY, 1.0, lambda x, y: x == y),
    "unequal": (ANY, 1.0, lambda x, y: x != y),
    "greater": (ANY, 1.0, lambda x, y: x > y),
    "at_least": (ANY, 1.0, lambda x, y: x >= y),
    "less": (ANY, 1.0, lambda x, y: x < y),
    "at_most": (ANY, 1.0, lambda x, y: x <= y),
    "larger": (ANY, 0.5, max),
    "smaller": (ANY, 0.5, min),
    "add": (ANY, 0.5, lambda x, y: x + y),
    "divide": (ANY, -3.0, lambda x, y: x / y),
    "multiply": (ANY, -3.0, lambda x, y: x * y),
    "subtract": (ANY, -3.0, lambda x, y: x - y),
    "mod": (ANY, -2.0, lambda x, y: x % y),
    "remainder": (ANY, -2.0, math.fmod),
    "quotient": (ANY, -2.0, lambda x, y: int(x / y)),
    "round_digits": ([-1.2345, 2.675, 0.125, 1e300, 7.0], 2.0, lambda x, n: float(np.round(x, int(n)))),
    "round_down": ([-1.239, 0.29, 1.1, 8.999], 2.0, {-1.239: -1.23, 0.29: 0.29, 1.1: 1.1, 8.999: 8.99}),
    "round_up": ([-1.231, 0.29, 1.1, 8.991], 2.0, {-1.231: -1.24, 0.29: 0.29, 1.1: 1.1, 8.991: 9.0}),
    "to_multiple": ([-7.0, 2.0, 3.0, 11.1], 5.0, lambda x, y: y * round(x / y)),
    "beta": (POSITIVE[1:5], 2.5, lambda a, b: math.gamma(a) * math.gamma(b) / math.gamma(a + b)),
    "beta_ln": (POSITIVE, 2.5, lambda a, b: math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)),
    "gamma_p": (SHAPE, 2.5, lambda x, a: stats.gamma.cdf(x, a)),
    "gamma_q": (SHAPE, 2.5, lambda x, a: stats.gamma.sf(x, a)),
    "gamma_p_inverse": ([0.01, 0.5, 0.99], 2.5, lambda p, a: stats.gamma.ppf(p, a)),
    "gamma_q_inverse": ([0.01, 0.5, 0.99], 2.5, lambda p, a: stats.gamma.isf(p, a)),
    "polygamma": (SHAPE, 2.0, lambda x, n: psi(n, x)),
}


def test_every_function_is_tested():
    assert {*PLAIN, *TWO} == {*FUNCTIONS}


@pytest.mark.parametrize("function", PLAIN)
def test_functions_of_one_number(function):
    points, plain = PLAIN[function]
    np.testing.assert_allclose(of(points, function), [float(plain(x)) for x in points], rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("function", TWO)
def test_functions_of_two_numbers_with_a_constant_and_with_a_column(function):
    points, second, plain = TWO[function]
    wanted = [plain[x] if isinstance(plain, dict) else plain(x, second) for x in points]
    results = of(points, function, second)
    np.testing.assert_allclose(np.array(results, float), np.array(wanted, float), rtol=1e-9, atol=1e-15)
    frame = pl.DataFrame({"x": points, "y": [second] * len(points)})
    assert math_of(frame, function, columns=["x"], second_column="y")[f"x_{function}_y"].to_list() == results
    assert all(isinstance(result, bool) == isinstance(value, bool) for result, value in zip(results, wanted, strict=True))


def test_right_angles_are_exact():
    assert of([180.0, 360.0, -90.0], "sin_degrees") == [0, 0, -1]
    assert of([90.0, 60.0], "cos_degrees") == [0, pytest.approx(0.5)]
    assert of([90.0, 45.0], "tan_degrees") == [None, 1]


@pytest.mark.parametrize(
    ("function", "second", "points"),
    [
        ("ln", 1, [0.0, -1.0]),
        ("sqrt", 1, [-1.0]),
        ("divide", 0, [1.0, 0.0]),
        ("exp", 1, [1000.0]),
        ("acos", 1, [1.5]),
        ("gamma", 1, [0.0, -1.0]),
        ("factorial", 1, [-1.0, 2.5]),
        ("double_factorial", 1, [-1.0, 2.5]),
        ("log", -1, [2.0]),
        ("log", 1, [2.0]),
        ("nth_root", 2, [-4.0]),
        ("mod", 0, [1.0]),
        ("to_multiple", 0, [1.0]),
        ("ceiling_power_2", 1, [0.0, -3.0]),
        ("polygamma", 1.5, [2.0]),
        ("round_digits", 0.5, [2.0]),
        ("csch", 1, [0.0]),
        ("abs", 1, [inf, -inf]),
    ],
)
def test_what_a_function_cannot_give_is_missing_and_counted(function, second, points, notes):
    assert of([2.0, *points, None, nan], function, second)[1:] == [None] * (len(points) + 2)
    told = sum(value is None for value in of([2.0], function, second)) + len(points)
    many = "1 result is" if told == 1 else f"{told} results are"
    assert notes[0].startswith(f"“x”: {many} outside the domain of the function or too large, and missing; the first is for ")


def test_a_missing_argument_gives_a_missing_result_and_is_not_told(notes):
    frame = pl.DataFrame({"x": [1.0, None, nan, 4.0], "y": [0.0, 0.0, 0.0, None]})
    assert math_of(frame, "power", columns=["x"], second_column="y")["x_power_y"].to_list() == [1, None, None, None]
    assert math_of(frame, "equal", columns=["x"], second_column="y")["x_equal_y"].to_list() == [False, None, None, None]
    assert notes == []


def test_columns_are_named_and_placed():
    frame = pl.DataFrame({"a": [1], "t": ["x"], "b": [4]})
    assert math_of(frame, "add", constant=10).columns == ["a", "t", "b", "a_add_10", "b_add_10"]
    assert math_of(frame, "sqrt", output="in_place").row(0) == (1, "x", 2)
    assert math_of(frame, "multiply", second_column="b", output="only").row(0, named=True) == {"a_multiply_b": 4, "b_multiply_b": 16}


def test_real_columns_by_polars():
    cars = dataset("automobile_price").frame
    wanted = cars.select(pl.col("price").log(10).alias("price"), ratio=pl.col("horsepower") / pl.col("curb-weight"))
    np.testing.assert_allclose(math_of(cars, "log10")["price_log10"].to_numpy(), wanted["price"].to_numpy(), rtol=1e-12)
    ratio = math_of(cars, "divide", columns=["horsepower"], second_column="curb-weight", output="only").to_series()
    np.testing.assert_allclose(ratio.to_numpy(), wanted["ratio"].to_numpy(), rtol=1e-12)


def test_labels_stay_by_default_and_tables_without_rows_have_the_same_columns():
    table = Table(pl.DataFrame({"x": [1], "y": [2]}), {"y": ColumnRole("label")})
    assert math_of(table, "exp").columns == ["x", "y", "x_exp"]
    for function in FUNCTIONS:
        assert math_of(table.frame.clear(), function).schema == math_of(table.frame, function).schema


def test_many_columns():
    frame = pl.DataFrame({f"{place} é": [-1.0] for place in range(500)})
    assert math_of(frame, "ln", output="in_place").null_count().row(0) == (1,) * 500


def test_refusals():
    frame = pl.DataFrame({"x": [1.0], "t": ["a"], "x_abs": [1.0]})
    assert refuses("transform.apply_math", {"columns": ["t"]}, "not_a_number", table=frame).param == "columns"
    wrong = refuses("transform.apply_math", {"columns": ["x"], "function": "add", "second_column": "t"}, "not_a_number", table=frame)
    assert (wrong.param, wrong.column) == ("second_column", "t")
    refuses("transform.apply_math", {"columns": ["x"]}, "duplicate_column", table=frame)
