"""The peers of `tests.bench.serving`, on the server that Easel uses: an empty ASGI application, and FastAPI with a plain scikit-learn pipeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parents[2] / "designer" / "datasets" / "samples"
FILES = {"automobile_price": ("automobile_price.csv", "price"), "income": ("adult_census_income.parquet", "income")}
INCOME = ["education", "education-num", "marital-status", "relationship", "capital-gain"]
BODY = b'{"rows":[{"Scored Labels":"<=50K"}]}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]


async def empty(scope, receive, send):
    """Read the body, and answer the same."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


def table(sample: str) -> Any:
    """The rows of a sample without gaps, with pandas."""
    import pandas  # noqa: PLC0415

    file, _ = FILES[sample]
    read = pandas.read_csv(SAMPLES / file, na_values=["?"]) if file.endswith(".csv") else pandas.read_parquet(SAMPLES / file)
    return read.dropna().reset_index(drop=True)


def rows_of(sample: str, columns: list[str], count: int) -> list[Any]:
    """Rows of a sample as JSON values, repeated where it has fewer."""
    import json  # noqa: PLC0415

    rows = json.loads(table(sample)[columns].head(count).to_json(orient="records"))
    return (rows * (count // len(rows) + 1))[:count]


def plain(sample: str) -> tuple[Any, Any]:
    """A scikit-learn pipeline as most people write it, with the learner and the columns of the sample's endpoint, and 1,000 rows for it."""
    from lightgbm import LGBMClassifier  # noqa: PLC0415
    from sklearn.compose import make_column_selector, make_column_transformer  # noqa: PLC0415
    from sklearn.linear_model import Ridge  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler  # noqa: PLC0415

    data, label = table(sample), FILES[sample][1]
    columns = INCOME if sample == "income" else [column for column in data.columns if column not in (label, "normalized-losses")]
    numbers = make_column_selector(dtype_include="number")
    if sample == "income":
        codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        model = make_pipeline(
            make_column_transformer(("passthrough", numbers), remainder=codes), LGBMClassifier(n_jobs=1, verbose=-1, random_state=0)
        )
    else:
        model = make_pipeline(
            make_column_transformer((StandardScaler(), numbers), remainder=OneHotEncoder(handle_unknown="ignore")), Ridge()
        )
    model.fit(data[columns], data[label])
    frame = data[columns]
    return model, frame.sample(1000, replace=len(frame) < 1000, random_state=0)


def income() -> Any:
    """FastAPI with the pipeline of the income data."""
    return fastapi("income")


def automobile_price() -> Any:
    """FastAPI with the pipeline of the automobile data."""
    return fastapi("automobile_price")


def fastapi(sample: str) -> Any:
    """FastAPI with pandas and a scikit-learn pipeline."""
    import pandas  # noqa: PLC0415
    from fastapi import FastAPI  # noqa: PLC0415

    model, frame = plain(sample)
    columns, app = list(frame.columns), FastAPI()

    @app.post("/score")
    async def score(body: dict) -> dict:
        rows = pandas.DataFrame(body["rows"])[columns]
        return {"rows": [{"label": each if isinstance(each, str) else float(each)} for each in model.predict(rows)]}

    return app
