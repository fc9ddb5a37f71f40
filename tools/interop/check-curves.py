"""check-curves.py STORE: pandas and DuckDB read the curves of the run that write-run.mjs has written."""

import glob
import sys

import duckdb
import pandas

pattern = f"{sys.argv[1]}/v1/runs/*/metrics/*.parquet"
frame = pandas.concat(pandas.read_parquet(path) for path in sorted(glob.glob(pattern)))
types = {name: str(kind) for name, kind in frame.dtypes.items()}
assert types["step"] == "int64" and types["loss"] == "float64" and "UTC" in types["time"], types
assert len(frame) == 330 and not frame.isna().any().any(), frame.describe()

# What the API hides: rows of an attempt after the step that a later one continued from.
query = f"""
    WITH r AS (SELECT * FROM '{pattern}'), later AS (SELECT attempt, min(step) AS first FROM r GROUP BY attempt)
    SELECT step, loss, epoch_ms(time) AS at FROM r
    WHERE NOT EXISTS (SELECT 1 FROM later WHERE later.attempt > r.attempt AND later.first <= r.step)
    ORDER BY step"""
rows = duckdb.sql(query).fetchall()
assert [step for step, _, _ in rows] == list(range(1, 301)), rows[:3]
assert all(loss == 1 / step and at == 1767225600000 + 1000 * step for step, loss, at in rows), rows[:3]
print("pandas reads 330 rows with their types, DuckDB finds one curve of 300 steps")
