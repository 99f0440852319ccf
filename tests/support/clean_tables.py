"""Tables without faults, of many kinds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

Draw = np.random.Generator
Case = tuple[pl.DataFrame, str]  # with the column `label`, and the task


def names(draw: Draw, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(draw.choice(list("abcdefghijklmnopqrstuvwxyz"), 6)).capitalize()] = None
    return list(found)


def _labelled(columns: dict[str, object], score: np.ndarray, task: str, draw: Draw, shares: tuple[float, ...] | None = None) -> Case:
    """A table whose label follows a score with noise."""
    noisy = score / max(float(score.std()), 1e-9) + draw.normal(0, 1, len(score))
    if task == "regression":
        return pl.DataFrame({**columns, "label": 50 + 10 * noisy}), task
    shares = shares or ((0.5,) if task == "two_class" else (0.3, 0.7))
    classes = np.array(["low", "middle", "high", "top"])[np.digitize(noisy, np.quantile(noisy, shares))]
    return pl.DataFrame({**columns, "label": classes}), task


def numbers(draw: Draw, rows: int = 800, task: str = "two_class", count: int = 8, shares: tuple[float, ...] | None = None) -> Case:
    x = draw.normal(size=(rows, count))
    return _labelled({f"x{place}": x[:, place] for place in range(count)}, x[:, 0] + x[:, 1] * x[:, 2], task, draw, shares)


def mixed(draw: Draw, rows: int = 1_000, task: str = "two_class") -> Case:
    age, years = draw.integers(18, 80, rows), draw.normal(10, 3, rows)
    region = draw.choice(["north", "south", "east", "west"], rows, p=[0.4, 0.3, 0.2, 0.1])
    columns = {
        "income": draw.lognormal(3, 0.4, rows).round(2),
        "age": age,
        "years": years,
        "region": region,
        "plan": draw.choice(list("abc"), rows),
    }
    return _labelled(columns, years / 3 + (region == "north") + age / 40, task, draw)


def small(draw: Draw) -> Case:
    return numbers(draw, 120, "two_class", 4)


def small_numbers(draw: Draw) -> Case:
    return numbers(draw, 150, "regression", 5)


def fifty_levels(draw: Draw) -> Case:
    frame, task = mixed(draw, 2_000)
    return frame.with_columns(city=pl.Series(draw.choice(names(draw, 50), frame.height))), task


def third_positive(draw: Draw) -> Case:
    return numbers(draw, 900, "two_class", 6, (0.7,))


def tenth_positive(draw: Draw) -> Case:
    return numbers(draw, 3_000, "two_class", 6, (0.9,))


def sorted_by_label(draw: Draw) -> Case:
    frame, task = mixed(draw)
    return frame.sort("label"), task


def sorted_by_number(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_000, "regression")
    return frame.sort("label"), task


def sorted_by_feature(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_000, "regression")
    return frame.sort("income"), task


def year(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_000, "regression")
    built = draw.integers(1900, 2024, frame.height)
    return frame.with_columns(year_built=pl.Series(built), label=pl.col("label") + pl.Series((built - 1960) / 8)), task


def floor(draw: Draw) -> Case:
    frame, task = mixed(draw, 900, "regression")
    return frame.with_columns(floor=pl.Series(draw.integers(0, 30, frame.height)), rooms=pl.Series(draw.integers(1, 9, frame.height))), task


def postcode(draw: Draw) -> Case:
    frame, task = mixed(draw, 2_000, "regression")
    return frame.with_columns(
        postcode=pl.Series(draw.choice(draw.choice(np.arange(10_000, 99_999), 60, replace=False), frame.height))
    ), task


def postcode_text(draw: Draw) -> Case:
    frame, task = mixed(draw, 2_000, "regression")
    return frame.with_columns(
        zip=pl.Series([f"{n:05}" for n in draw.choice(draw.choice(np.arange(1_000, 99_999), 40, replace=False), frame.height)])
    ), task


def few_valued(draw: Draw) -> Case:
    rows = 1_500
    columns = {
        name: draw.integers(0, high, rows) for name, high in (("sex", 2), ("married", 2), ("children", 5), ("school", 6), ("score", 11))
    }
    return _labelled(columns, columns["children"] + columns["score"] / 2.0, "two_class", draw)


def few_valued_and_wage(draw: Draw) -> Case:
    rows = 3_000
    wage = np.minimum(draw.lognormal(2.5, 0.4, rows).round(0), 60)
    return _labelled(
        {"year": draw.choice([1992, 1994, 1996], rows), "wage": wage, "school": draw.integers(8, 18, rows)}, wage, "two_class", draw
    )


def yes_no(draw: Draw) -> Case:
    rows = 1_000
    columns = {f"q{place}": draw.choice(["yes", "no"], rows) for place in range(12)}
    return _labelled(columns, sum((columns[f"q{place}"] == "yes").astype(float) for place in range(4)), "two_class", draw)  # type: ignore[arg-type]


def ratings(draw: Draw) -> Case:
    rows, lean = 800, draw.normal(size=800)
    columns = {f"item{place}": np.clip((3 + lean + draw.normal(0, 1, rows)).round(), 1, 5).astype(int) for place in range(10)}
    return _labelled(columns, lean, "multi_class", draw)


def counts(draw: Draw) -> Case:
    rows, rate = 1_200, draw.gamma(2, 2, 1_200)
    frame = pl.DataFrame({"visits": draw.poisson(rate), "clicks": draw.poisson(3 * rate), "share": draw.random(rows)})
    return frame.with_columns(label=pl.Series(draw.poisson(rate).astype(float))), "regression"


def heavy_tail(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_500, "regression")
    return frame.with_columns(label=((pl.col("label") - 50) / 12).exp() * 1_000), task


def many_zeros(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_500, "regression")
    bought = draw.random(frame.height) < 0.35
    return frame.with_columns(label=pl.when(pl.Series(bought)).then(((pl.col("label") - 50) / 12).exp() * 40).otherwise(0.0)), task


def negative(draw: Draw) -> Case:
    frame, task = numbers(draw, 700, "regression", 6)
    return frame.with_columns(
        profit=pl.Series(draw.normal(0, 1_000, frame.height).round(0)), temperature=pl.Series(draw.normal(2, 9, frame.height).round(1))
    ), task


def four_classes(draw: Draw) -> Case:
    return numbers(draw, 1_200, "multi_class", 6, (0.25, 0.5, 0.75))


def one_class_apart(draw: Draw) -> Case:
    """As irises: one number tells one class of three."""
    kind = draw.integers(0, 3, 300)
    columns = {
        "length": kind + draw.normal(0, 0.5, 300) + 3 * (kind > 0),
        "width": kind * 0.8 + draw.normal(0, 0.6, 300),
        "height": draw.normal(5, 1, 300),
    }
    return pl.DataFrame({**columns, "label": np.array(["setosa", "versicolor", "virginica"])[kind]}), "multi_class"


def strong_signal(draw: Draw) -> Case:
    """A feature that is good, as a known good predictor is: R² of about 0.9."""
    frame, task = numbers(draw, 900, "regression", 5)
    return frame.with_columns(size=pl.col("label") + pl.Series(draw.normal(0, 3.5, frame.height))), task


def strong_classes(draw: Draw) -> Case:
    frame, task = numbers(draw, 900, "two_class", 5)
    return frame.with_columns(score=(pl.col("label") == "low").cast(pl.Float64) + pl.Series(draw.normal(0, 0.5, frame.height))), task


def correlated(draw: Draw) -> Case:
    base = draw.normal(size=1_000)
    columns = {f"measure{place}": base * 3 + draw.normal(0, 0.3, 1_000) for place in range(6)}
    return _labelled(columns, base, "regression", draw)


def flags(draw: Draw) -> Case:
    frame, task = mixed(draw)
    return frame.with_columns(
        is_member=pl.Series(draw.random(frame.height) < 0.4), has_car=pl.Series(draw.random(frame.height) < 0.8)
    ), task


def coordinates(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_200, "regression")
    return frame.with_columns(
        latitude=pl.Series(draw.uniform(37, 38, frame.height).round(4)),
        longitude=pl.Series(draw.uniform(-122, -121, frame.height).round(4)),
    ), task


def large_integers(draw: Draw) -> Case:
    """Whole numbers that hardly repeat and tell something of the label: populations, salaries."""
    frame, task = mixed(draw, 1_000, "regression")
    pay = draw.normal(size=frame.height)
    return frame.with_columns(salary=pl.Series((40_000 * np.exp(0.4 * pay)).astype(int)), label=pl.col("label") + pl.Series(8 * pay)), task


def months(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_000, "regression")
    return frame.with_columns(
        month=pl.Series(draw.integers(1, 13, frame.height)),
        weekday=pl.Series(draw.choice(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], frame.height)),
        hour=pl.Series(draw.integers(0, 24, frame.height)),
    ), task


def wide(draw: Draw) -> Case:
    return numbers(draw, 1_000, "two_class", 60)


def codes(draw: Draw) -> Case:
    """Short codes, as of products and sizes."""
    frame, task = mixed(draw, 1_500)
    return frame.with_columns(
        size=pl.Series(draw.choice(["XS", "S", "M", "L", "XL"], frame.height)),
        engine=pl.Series(draw.choice(["V6", "V8", "I4", "H4"], frame.height)),
    ), task


def numbers_in_words(draw: Draw) -> Case:
    frame, task = mixed(draw, 1_000)
    return frame.with_columns(
        band=pl.Series(draw.choice(["18-25", "26-35", "36-50", "51+"], frame.height)),
        grade=pl.Series(draw.choice(["1st", "2nd", "3rd"], frame.height)),
    ), task


def tall(draw: Draw) -> Case:
    return mixed(draw, 20_000, "multi_class")


def integers_only(draw: Draw) -> Case:
    rows = 600
    columns = {
        "age": draw.integers(20, 70, rows),
        "pressure": draw.normal(120, 15, rows).astype(int),
        "cholesterol": draw.normal(200, 40, rows).astype(int),
        "rate": draw.normal(150, 20, rows).astype(int),
    }
    return _labelled(columns, columns["age"] / 10 + columns["pressure"] / 15.0, "two_class", draw)


CLEAN: dict[str, Callable[[Draw], Case]] = {
    each.__name__: each
    for each in (
        numbers, mixed, small, small_numbers, fifty_levels, third_positive, tenth_positive, sorted_by_label, sorted_by_number, sorted_by_feature, year, floor,
        postcode, postcode_text, few_valued, few_valued_and_wage, yes_no, ratings, counts, heavy_tail, many_zeros, negative, four_classes, one_class_apart,
        strong_signal, strong_classes, correlated, flags, coordinates, large_integers, months, wide, codes, numbers_in_words, tall, integers_only,
    )
}  # fmt: skip
