"""The recipe of the sample dataset orange_juice.parquet: weekly sales of orange juice by store and brand, generated.

Sales follow a level of store and brand, a yearly season, a slow trend, the price (an elasticity by brand), advertisements, holidays and noise. Some weeks are missing, and
one store closes early. `python -m tests.support.orange_juice` writes the file.
"""

from pathlib import Path

import numpy as np
import polars as pl

FILE = Path(__file__).parents[2] / "designer" / "datasets" / "samples" / "orange_juice.parquet"
BRANDS = {"Dominicks": (2.1, -2.6), "Minute Maid": (2.6, -2.2), "Tropicana": (3.1, -1.8)}
STORES, WEEKS = 16, 121


def made() -> pl.DataFrame:
    """The rows, the same at each call."""
    draw = np.random.default_rng(1990)
    weeks = np.datetime64("2021-06-03") + 7 * np.arange(WEEKS)
    week_of_year = (weeks - weeks.astype("datetime64[Y]")).astype(int) // 7
    frames = []
    for store in range(1, STORES + 1):
        size, region = draw.lognormal(0, 0.4), ("North", "South", "West")[store % 3]
        for brand, (price, elasticity) in BRANDS.items():
            deal = draw.random(WEEKS) < 0.18
            paid = np.round(price * np.where(deal, draw.uniform(0.65, 0.85, WEEKS), draw.uniform(0.97, 1.03, WEEKS)), 2)
            advert = (deal & (draw.random(WEEKS) < 0.7)).astype(int)
            season = 1 + 0.18 * np.cos(2 * np.pi * (week_of_year - 3) / 52) + 0.25 * (week_of_year == 51)
            level = 900 * size * draw.lognormal(0, 0.3) * (1 + draw.uniform(-0.1, 0.25) * np.arange(WEEKS) / WEEKS)
            mean = level * season * (paid / price) ** elasticity * (1 + 0.35 * advert)
            sold = np.round(mean * draw.lognormal(0, 0.12, WEEKS)).astype(int)
            rows = (draw.random(WEEKS) > 0.008) | (np.arange(WEEKS) > WEEKS - 10)
            if store == 7:
                rows[WEEKS - 20 :] = False
            known = {"week": weeks, "store": store, "brand": brand, "region": region, "price": paid, "advert": advert, "quantity": sold}
            frames.append(pl.DataFrame(known).filter(pl.Series(rows)))
    return pl.concat(frames).with_columns(pl.col("store", "advert", "quantity").cast(pl.Int64), pl.col("week").cast(pl.Date))


if __name__ == "__main__":
    made().write_parquet(FILE)
