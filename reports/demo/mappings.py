"""What the demo's three files look like, and the mappings that read them."""

from typing import Any

ZONE = "Asia/Shanghai"
TIERS = {"P": "high-net-worth", "A": "affluent", "M": "mass"}
# What the queue system calls two of the queues; the library lists these as evidence codes.
QUEUE_CODES = {"account-id-counter": "counter-identity", "dispute-hotline": "hotline-cards"}
QUESTIONS = {
    "How likely are you to recommend us?": "nps",
    "How satisfied were you?": "csat",
    "It was easy to do what I wanted.": "ces",
}
# The dirt in each file: rows that are refused, dropped on purpose, or there twice.
REJECTED, IGNORED, DUPLICATES = 40, 30, 25
# Accepted rows whose touchpoint the library does not know.
UNKNOWN_CODE, UNKNOWN_ROWS = "lobby-kiosk", 60
TEST_CUSTOMER = "TEST"
BAD_TIMES = ("2026-02-30T10:15:00", "2026-13-01T09:00:00", "", "31/11/2025", "2026-06-31T12:00:00")

_COMMON = {
    "customer": {"column": "customer", "missing": ["", "0"]},
    "channel": {"column": "channel", "missing": [""]},
    "unit": {"column": "branch", "missing": [""]},
}
_TEST = [{"customer": [TEST_CUSTOMER]}]
MAPPINGS: dict[str, dict[str, Any]] = {
    "responses": {
        "kind": "responses",
        "fields": {
            "event_id": {"column": "answer"},
            "occurred_at": {
                "column": "answered_at", "format": "%Y-%m-%dT%H:%M:%S", "timezone": ZONE,
            },
            "touchpoint": {"column": "touchpoint", "missing": [""]},
            "journey": {"column": "journey", "missing": [""]},
            "case_id": {"column": "case"},
            "segment": {"column": "segment"},
            "metric": {
                "column": "question",
                "map": QUESTIONS,
                "otherwise": "reject",
            },
            "score": {"column": "score"},
            "comment": {"column": "comment", "missing": [""]},
            **_COMMON,
        },
        "ignore": _TEST,
    },
    "waits": {
        "kind": "waits",
        "fields": {
            "event_id": {"column": "ticket"},
            "occurred_at": {
                "columns": ["day", "drawn_at"], "format": "%Y-%m-%d %H:%M:%S", "timezone": ZONE,
            },
            "touchpoint": {"column": "queue"},
            "segment": {"column": "tier", "map": TIERS, "missing": [""]},
            "wait_s": {"column": "waited", "unit": "s"},
            "service_s": {"column": "served", "unit": "s", "missing": [""]},
            "outcome": {
                "column": "result",
                "map": {"SERVED": "served", "LEFT": "abandoned", "VOID": None},
            },
            **_COMMON,
        },
        "ignore": _TEST,
    },
    "interactions": {
        "kind": "interactions",
        "fields": {
            "event_id": {"column": "event"},
            "occurred_at": {
                "column": "started_at", "format": "%Y-%m-%dT%H:%M:%S", "timezone": ZONE,
            },
            "ended_at": {
                "column": "ended_at", "format": "%Y-%m-%dT%H:%M:%S", "timezone": ZONE,
            },
            "touchpoint": {"column": "touchpoint"},
            "journey": {"column": "journey", "missing": [""]},
            "case_id": {"column": "case"},
            "segment": {"column": "segment"},
            "outcome": {"column": "result"},
            **_COMMON,
        },
        "ignore": _TEST,
    },
}  # fmt: skip

HEADERS = {
    "responses": ("answer", "answered_at", "touchpoint", "journey", "customer", "case", "channel",
                  "segment", "branch", "question", "score", "comment"),
    "waits": ("ticket", "day", "drawn_at", "queue", "customer", "channel", "tier", "branch",
              "waited", "served", "result"),
    "interactions": ("event", "started_at", "ended_at", "touchpoint", "journey", "customer",
                     "case", "channel", "segment", "branch", "result"),
}  # fmt: skip
