"""The files all contenders read: half waits, half survey answers, the same bytes every time.

40 touchpoints, 1,000,000 customers in both files together or in each, 3 segments, 5 channels, 20
units, 60 weeks. About one row in 10,000 is broken (a negative wait, a score off the scale, no
time), as real files are.
"""

from pathlib import Path

import duckdb

TOUCHPOINTS = 40
CUSTOMERS = 1_000_000
PROMISE_S = 300

WAITS = """
COPY (
  SELECT
    CASE WHEN i % 30011 = 5 THEN 'soon' ELSE
      strftime(TIMESTAMP '2025-09-01' + to_seconds((hash(i) % 36288000)::BIGINT),
               '%Y-%m-%d %H:%M:%S') END AS called_at,
    'tp-' || lpad((hash(i + 1) % $touchpoints)::VARCHAR, $width, '0') AS queue,
    'customer-' || ($first + hash(i * 7 + 2) % $customers) AS customer,
    ['mass', 'affluent', 'private'][1 + (hash(i + 3) % 3)::INT] AS segment,
    'unit-' || (hash(i + 4) % 20) AS unit,
    'channel-' || (hash(i + 8) % 5) AS channel,
    CASE WHEN i % 20011 = 7 THEN -5 ELSE (hash(i + 5) % 700)::INT END AS wait,
    (hash(i + 6) % 900)::INT AS talk,
    CASE WHEN hash(i + 7) % 12 = 0 THEN 'lost' ELSE 'ok' END AS result
  FROM range($rows) AS r(i)
) TO '$file'
"""

ANSWERS = """
COPY (
  SELECT
    strftime(TIMESTAMP '2025-09-01' + to_seconds((hash(i) % 36288000)::BIGINT),
             '%Y-%m-%d %H:%M:%S') AS answered_at,
    'tp-' || lpad((hash(i + 11) % $touchpoints)::VARCHAR, $width, '0') AS touchpoint,
    'customer-' || ($first + hash(i * 7 + 2) % $customers) AS customer,
    ['mass', 'affluent', 'private'][1 + (hash(i + 13) % 3)::INT] AS segment,
    'unit-' || (hash(i + 14) % 20) AS unit,
    'channel-' || (hash(i + 18) % 5) AS channel,
    ['nps', 'csat', 'ces'][1 + (hash(i + 15) % 3)::INT] AS question,
    CASE WHEN i % 15013 = 3 THEN 99 ELSE
      1 + (hash(i + 16) % [11, 5, 7][1 + (hash(i + 15) % 3)::INT])::INT
        - (CASE WHEN hash(i + 15) % 3 = 0 THEN 1 ELSE 0 END) END AS score
  FROM range($rows) AS r(i)
) TO '$file'
"""

WAITS_MAPPING = {
    "kind": "waits",
    "fields": {
        "occurred_at": {"column": "called_at", "format": "%Y-%m-%d %H:%M:%S"},
        "touchpoint": {"column": "queue"},
        "customer": {"column": "customer"},
        "segment": {"column": "segment"},
        "unit": {"column": "unit"},
        "channel": {"column": "channel"},
        "wait_s": {"column": "wait", "unit": "s"},
        "service_s": {"column": "talk", "unit": "s"},
        "outcome": {
            "column": "result",
            "map": {"ok": "served", "lost": "abandoned"},
            "otherwise": "reject",
        },
    },
}
ANSWERS_MAPPING = {
    "kind": "responses",
    "fields": {
        "occurred_at": {"column": "answered_at", "format": "%Y-%m-%d %H:%M:%S"},
        "touchpoint": {"column": "touchpoint"},
        "customer": {"column": "customer"},
        "segment": {"column": "segment"},
        "unit": {"column": "unit"},
        "channel": {"column": "channel"},
        "metric": {"column": "question"},
        "score": {"column": "score"},
    },
}


def code_width(touchpoints: int) -> int:
    return max(2, len(str(touchpoints - 1)))


def write_files(
    folder: Path, rows: int, touchpoints: int = TOUCHPOINTS, *, in_both: bool = True
) -> None:
    """`waits.csv` and `answers.csv`, together `rows` rows; kept when they are there already.

    `in_both`: each has all the customers; else each has half of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    customers = CUSTOMERS if in_both else CUSTOMERS // 2
    for nth, (name, text) in enumerate((("waits", WAITS), ("answers", ANSWERS))):
        file = folder / f"{name}.csv"
        if file.exists():
            continue
        values = {
            "$touchpoints": touchpoints,
            "$customers": customers,
            "$first": nth * (CUSTOMERS - customers),
            "$width": code_width(touchpoints),
            "$rows": rows // 2,
            "$file": file,
        }
        for mark, value in values.items():
            text = text.replace(mark, str(value))
        duckdb.connect().execute(text)
