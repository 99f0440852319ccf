"""The peers of `tests.bench.forecasting`, run by the interpreter of their environment: forecasts, seconds and figures of the same series."""

import json
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

TIMES = {"rare": "1w", "hourly": "1h"}


def main(folder):
    """Write the forecasts of each method in long form, and print seconds and figures as JSON."""
    asked = json.loads(Path(folder, "asked.json").read_text())
    frames = {name: pl.read_parquet(f"{folder}/{name}.parquet") for name in asked["tables"]}
    seconds, parts = {}, []
    for name, (table, method, horizon) in asked["methods"].items():
        forecast = on_lags if method[0] == "lags" else of_series
        frame = frames[table]
        every = TIMES.get(table, "1mo")
        forecast(frame.filter(pl.col("unique_id") == frame["unique_id"][0]), method[1:], horizon, every)  # compiles
        started = time.perf_counter()
        found = forecast(frame, method[1:], horizon, every)
        seconds[name] = time.perf_counter() - started
        parts.append(found.select("unique_id", pl.lit(name).alias("method"), pl.col("found").cast(pl.Float64)))
    pl.concat(parts).write_parquet(f"{folder}/found.parquet")
    print(json.dumps({"seconds": seconds, "figures": figures(folder)}))


def of_series(frame, method, horizon, every):
    """Forecasts of statsforecast."""
    from statsforecast import StatsForecast, models  # noqa: PLC0415  the peers' libraries

    kind, arguments = method
    arguments = {name: tuple(value) if "order" in name else value for name, value in arguments.items()}
    if kind == "MSTL":
        arguments = {**arguments, "trend_forecaster": models.AutoETS(model="ZZN")}
    model = getattr(models, kind)(**arguments, alias="found")
    return StatsForecast([model], freq=every, n_jobs=1, fallback_model=models.NaNModel(alias="found")).forecast(df=frame, h=horizon)


def on_lags(frame, method, horizon, every):
    """Forecasts of mlforecast."""
    from lightgbm import LGBMRegressor  # noqa: PLC0415
    from mlforecast import MLForecast  # noqa: PLC0415
    from mlforecast.lag_transforms import RollingMean, RollingStd  # noqa: PLC0415
    from mlforecast.target_transforms import Differences, LocalStandardScaler  # noqa: PLC0415
    from sklearn.linear_model import LinearRegression  # noqa: PLC0415

    learner, lags, windows, scaled, differences = method
    model = LinearRegression() if learner is None else LGBMRegressor(**learner)
    made = {1: [each for window in windows for each in (RollingMean(window), RollingStd(window))]} if windows else {}
    shape = [*([Differences(differences)] if differences else []), *([LocalStandardScaler()] if scaled else [])]
    every_lag = MLForecast({"found": model}, freq=every, lags=lags, lag_transforms=made, target_transforms=shape)
    return every_lag.fit(frame, static_features=[], as_numpy=learner is not None).predict(horizon)


def figures(folder):
    """The measures of utilsforecast of forecasts and bounds that Easel made: of each series, then their mean."""
    from utilsforecast import losses  # noqa: PLC0415

    train, cv = (pl.read_parquet(f"{folder}/{name}.parquet") for name in ("figures_train", "figures_cv"))
    of_train = {"seasonality": 12, "train_df": train}
    found = {
        "mase": losses.mase(cv, ["found"], **of_train),
        "rmsse": losses.rmsse(cv, ["found"], **of_train),
        "smape": losses.smape(cv, ["found"]),
        "mae": losses.mae(cv, ["found"]),
    }
    told = {name: float(each["found"].mean()) for name, each in found.items()}
    bounds = {"q": ["Lower 95", "Lower 80", "found", "Upper 80", "Upper 95"]}
    told["pinball"] = float(losses.mqloss(cv, bounds, np.array([0.025, 0.1, 0.5, 0.9, 0.975]))["q"].mean())
    whole = cv.with_columns(unique_id=pl.lit("all"))
    told["wape"] = float(losses.wape(whole, ["found"])["found"][0])
    told["bias"] = float(losses.bias(whole, ["found"])["found"][0]) / float(cv["y"].abs().mean())
    for level in (80, 95):
        named = cv.rename({f"Lower {level}": f"found-lo-{level}", f"Upper {level}": f"found-hi-{level}"})
        told[f"coverage_{level}"] = float(losses.coverage(named, ["found"], level)["found"].mean())
    return told


if __name__ == "__main__":
    main(sys.argv[1])
