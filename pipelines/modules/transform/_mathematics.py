"""The functions of Apply Math Operation: one table, of what each is called and computes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.modules.transform._rounding import ROUNDING, nan_unless

Array = np.ndarray


@dataclass(frozen=True)
class Function:
    """A function of a column, and of a second argument where `second` says what that is."""

    title: str
    compute: Callable[..., Array]
    second: str = ""
    truth: bool = False  # whether it tells true from false


def _special(name: str) -> Callable[..., Array]:
    """A function of scipy.special; the library is imported when it is called."""

    def compute(*arguments: Array) -> Array:
        import scipy.special

        return np.asarray(getattr(scipy.special, name)(*arguments))

    return compute


def _turned(compute: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    return lambda x, y: compute(y, x)


def _whole(x: Array) -> Array:
    """Whether values are whole numbers from 0."""
    return np.asarray((x >= 0) & (np.floor(x) == x))


def _nth_root(x: Array, n: Array) -> Array:
    odd = (np.floor(n) == n) & (np.mod(n, 2) == 1)
    return np.asarray(np.where((x < 0) & odd, -np.power(np.abs(x), 1 / n), np.power(x, 1 / n)))


def _double_factorial(x: Array) -> Array:
    """By the gamma function; exact up to 25!! or so, then to the last digits."""
    even = np.mod(x, 2) == 0
    half, gamma = x / 2, _special("gamma")
    value = np.where(even, np.exp2(half) * gamma(half + 1), np.exp2(half + 0.5) * gamma(half + 1) / np.sqrt(np.pi))
    return nan_unless(_whole(x), np.where(x < 26, np.rint(value), value))


def _ein(x: Array) -> Array:
    """The entire exponential integral, Ein(x) = ∫₀ˣ (1 − e⁻ᵗ)/t dt: by its series near 0, where the other form cancels."""
    size = np.abs(x)
    far = np.where(x > 0, _special("exp1")(size), -_special("expi")(size)) + np.log(size) + np.euler_gamma
    near, term = np.zeros_like(x), np.ones_like(x)
    for k in range(1, 30):
        term = term * -np.where(size < 2, x, 0.0) / k
        near = near - term / k
    return np.where(size < 2, near, far)


def _polygamma(x: Array, n: Array) -> Array:
    return nan_unless(_whole(n), _special("polygamma")(np.where(_whole(n), n, 0), x))


BASIC = {
    "abs": Function("Absolute value", np.abs),
    "atan2": Function("Angle of a point (column = y)", np.arctan2, "x"),
    "cube_root": Function("Cube root", np.cbrt),
    "double_factorial": Function("Double factorial (n!!)", _double_factorial),
    "epsilon": Function("Distance to the next larger number", lambda x: np.spacing(np.abs(x))),
    "exp": Function("Exponential, eˣ", np.exp),
    "exp2": Function("Power of 2, 2ˣ", np.exp2),
    "exp_minus_1": Function("eˣ − 1, exact near 0", np.expm1),
    "factorial": Function("Factorial (n!)", lambda x: nan_unless(_whole(x), _special("factorial")(np.where(_whole(x), x, 0)))),
    "hypotenuse": Function("Hypotenuse, √(x² + y²)", np.hypot, "y"),
    "ln": Function("Natural logarithm", np.log),
    "ln_plus_1": Function("ln(1 + x), exact near 0", np.log1p),
    "log": Function("Logarithm to a base", lambda x, base: np.log(x) / nan_unless(base > 0, np.log(base)), "the base"),
    "log10": Function("Logarithm to base 10", np.log10),
    "log2": Function("Logarithm to base 2", np.log2),
    "nth_root": Function("n-th root", _nth_root, "n"),
    "power": Function("Power, xⁿ", np.power, "n"),
    "sqrt": Function("Square root", np.sqrt),
    "sqrt_pi": Function("Square root of π x", lambda x: np.sqrt(np.pi * x)),
    "square": Function("Square", np.square),
}
COMPARE = {
    "equal": Function("Equal to", np.equal, "y", truth=True),
    "greater": Function("Greater than", np.greater, "y", truth=True),
    "at_least": Function("Greater than or equal to", np.greater_equal, "y", truth=True),
    "less": Function("Less than", np.less, "y", truth=True),
    "at_most": Function("Less than or equal to", np.less_equal, "y", truth=True),
    "unequal": Function("Not equal to", np.not_equal, "y", truth=True),
    "larger": Function("Larger of two", np.maximum, "y"),
    "smaller": Function("Smaller of two", np.minimum, "y"),
}
OPERATIONS = {
    "add": Function("Add", np.add, "y"),
    "divide": Function("Divide", np.divide, "the divisor"),
    "multiply": Function("Multiply", np.multiply, "y"),
    "subtract": Function("Subtract", np.subtract, "what is subtracted"),
}
SPECIAL = {
    "beta": Function("Beta, B(x, b)", _special("beta"), "b"),
    "beta_ln": Function("Logarithm of beta, ln |B(x, b)|", _special("betaln"), "b"),
    "elliptic_e": Function("Complete elliptic integral E(m)", _special("ellipe")),
    "elliptic_k": Function("Complete elliptic integral K(m)", _special("ellipk")),
    "erf": Function("Error function, erf", _special("erf")),
    "erfc": Function("Complementary error function, erfc", _special("erfc")),
    "erfc_scaled": Function("Scaled erfc, e^(x²) erfc(x)", _special("erfcx")),
    "erf_inverse": Function("Inverse error function", _special("erfinv")),
    "exponential_integral": Function("Exponential integral Ein", _ein),
    "gamma": Function("Gamma, Γ(x)", _special("gamma")),
    "gamma_ln": Function("Logarithm of gamma, ln |Γ(x)|", _special("gammaln")),
    "gamma_p": Function("Regularized lower gamma, P(a, x)", _turned(_special("gammainc")), "a"),
    "gamma_p_inverse": Function("Inverse of P(a, x) in x", _turned(_special("gammaincinv")), "a"),
    "gamma_q": Function("Regularized upper gamma, Q(a, x)", _turned(_special("gammaincc")), "a"),
    "gamma_q_inverse": Function("Inverse of Q(a, x) in x", _turned(_special("gammainccinv")), "a"),
    "polygamma": Function("Polygamma, ψ⁽ⁿ⁾(x)", _polygamma, "n"),
}
_CIRCULAR: Mapping[str, tuple[str, Callable[[Array], Array], Callable[[Array], Array], Callable[[Array], Array]]] = {
    # plain, of degrees (exact at multiples of 90), hyperbolic
    "cos": ("Cosine", np.cos, _special("cosdg"), np.cosh),
    "sin": ("Sine", np.sin, _special("sindg"), np.sinh),
    "tan": ("Tangent", np.tan, _special("tandg"), np.tanh),
    "cot": ("Cotangent", lambda x: 1 / np.tan(x), _special("cotdg"), lambda x: 1 / np.tanh(x)),
    "csc": ("Cosecant", lambda x: 1 / np.sin(x), lambda x: 1 / _special("sindg")(x), lambda x: 1 / np.sinh(x)),
    "sec": ("Secant", lambda x: 1 / np.cos(x), lambda x: 1 / _special("cosdg")(x), lambda x: 1 / np.cosh(x)),
}
_INVERSE: Mapping[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "cos": (np.arccos, np.arccosh),
    "sin": (np.arcsin, np.arcsinh),
    "tan": (np.arctan, np.arctanh),
    "cot": (lambda x: np.pi / 2 - np.arctan(x), lambda x: np.arctanh(1 / x)),
    "csc": (lambda x: np.arcsin(1 / x), lambda x: np.arcsinh(1 / x)),
    "sec": (lambda x: np.arccos(1 / x), lambda x: np.arccosh(1 / x)),
}


def _trigonometric() -> Iterator[tuple[str, Function]]:
    for name, (title, plain, degrees, hyperbolic) in _CIRCULAR.items():
        yield name, Function(title, plain)
        yield f"{name}_degrees", Function(f"{title} of degrees", degrees)
        yield f"{name}h", Function(f"Hyperbolic {title.lower()}", hyperbolic)
        inverse, area = _INVERSE[name]
        yield f"a{name}", Function(f"Inverse {title.lower()}", inverse)
        yield f"a{name}_degrees", Function(f"Inverse {title.lower()} in degrees", _in_degrees(inverse))
        yield f"a{name}h", Function(f"Inverse hyperbolic {title.lower()}", area)
    yield "argument", Function("Argument: π below 0, else 0", lambda x: np.where(x < 0, np.pi, 0.0))
    yield "sign", Function("Sign", np.sign)
    yield "sinc", Function("Sinc, sin(x) / x", lambda x: np.sinc(x / np.pi))
    yield "radians", Function("Degrees to radians", np.radians)
    yield "degrees", Function("Radians to degrees", np.degrees)


def _in_degrees(function: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda x: np.degrees(function(x))


CATEGORIES: Mapping[str, Mapping[str, Function]] = {
    "Basic": BASIC,
    "Compare": COMPARE,
    "Operations": OPERATIONS,
    "Rounding": {name: Function(*row) for name, row in ROUNDING.items()},
    "Special": SPECIAL,
    "Trigonometry": dict(_trigonometric()),
}
FUNCTIONS: Mapping[str, Function] = {name: each for functions in CATEGORIES.values() for name, each in functions.items()}
TITLES: Mapping[str, Any] = {
    name: f"{category}: {each.title}" for category, functions in CATEGORIES.items() for name, each in functions.items()
}
BINARY = tuple(name for name, each in FUNCTIONS.items() if each.second)
