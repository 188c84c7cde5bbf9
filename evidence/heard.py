"""What customers wrote at a touchpoint: how much, about what, in which script, and their words.

Themes are the cause families that comments can tell, and whether something better is asked for;
they are found by words: a comment may tell of several or of none. What the words are stands here
for everybody to see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from evidence import lake
from evidence.question import Question, code_parameters, scope_parameters

# Fewer customers than these could be told apart by what they wrote.
FEWEST = 5
AT_ONCE = 10
SCRIPTS = ("latin", "han", "other")
# Beginnings of words in English, words in Chinese.
WORDS: Mapping[str, tuple[str, ...]] = {
    "waiting": (
        r"\bwait", r"\bqueue", r"\bslow", r"\bminutes?\b", r"\bhours?\b", r"\bon hold\b",
        r"\bfor ?ever\b", r"\btoo long\b", r"\bdelay", "等", "排队", "太久", "太慢", "慢", "占线",
    ),
    "procedures": (
        r"\bform", r"\bfields?\b", r"\bdocuments?\b", r"\bupload", r"\breject", r"\bagain\b",
        r"\btwice\b", r"\battempt", r"\bdetails\b", r"\blogged me out\b", r"\bpaperwork\b",
        r"\bsteps?\b", "手续", "材料", "资料", "上传", "填", "重来", "通过", "繁琐",
    ),
    "information": (
        r"\bnobody told\b", r"\bnever know\b", r"\bstatus\b", r"\bin progress\b", r"\bfees?\b",
        r"\bhidden\b", r"\bwhat happens next\b", r"\bnumbers\b", r"\bfind out\b", r"\bnext step\b",
        "进度", "处理中", "费用", "说明", "看不明白", "看不懂", "告诉我", "哪一步", "不一样",
    ),
    "communication": (
        r"\bassistant\b", r"\brude\b", r"\bletter\b", r"\btold me something\b", r"\bpassed on\b",
        r"\btreated\b", r"\bunfriendly\b", r"\banswered a question\b", r"\bcould not answer\b",
        "答非所问", "机器人", "态度", "转来转去", "不知道该信谁", "信写得",
    ),
    "better": (
        r"\bwish", r"\bwould (be (nice|good|great|better|useful)|help|like|love|prefer)\b",
        r"\bcould (you|the|it|we|there)\b", r"\bif only\b", r"\bsuggest",
        r"\bplease (add|make|let)", r"\bshould be able\b", "希望", "建议", "要是",
        "如果能", "最好能", "能不能", "就更好", "能写清楚",
    ),
}  # fmt: skip
# Of each touchpoint the newest comments are looked through, when all touchpoints are asked at once.
NEWEST = 2_000


@dataclass(frozen=True)
class Asked:
    """Which comments: beside painful answers only, in a script, with a word, of a theme."""

    painful_only: bool = True
    script: str = ""
    sought: str = ""
    theme: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Theme:
    """How many of a touchpoint's newest comments tell of a theme, and of how many customers.

    painful_…: of those beside painful answers.
    """

    written: int
    told: int
    people: int
    painful_written: int
    painful_told: int
    painful_people: int


@dataclass(frozen=True)
class Quote:
    comment: str
    metric: str
    score: str | None
    occurred_at: datetime
    painful: bool
    script: str
    segment: str | None
    channel: str | None


@dataclass(frozen=True)
class Heard:
    """answered: customers who answered there.  comments: those written; asked: those asked for.

    themes, none: of those asked for.  Where `answered` is below FEWEST everything else is empty.
    """

    answered: int = 0
    comments: int = 0
    asked: int = 0
    none: int = 0
    themes: Mapping[str, int] = field(default_factory=dict)
    scripts: Mapping[str, int] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()

    @property
    def is_enough(self) -> bool:
        return self.answered >= FEWEST


def heard(cursor: lake.Cursor, question: Question, code: str, asked: Asked) -> Heard:
    """Through one cursor, usually one that stands at the snapshot of a run."""
    place = next((p for p in question.places if p.code == code), None)
    if place is None:
        return Heard()
    names = list(WORDS)
    rows = cursor.execute(
        lake.query("heard"),
        {
            **scope_parameters(question),
            **_words_and_scales(question),
            "codes": list(place.raw_codes),
            "painful_only": asked.painful_only,
            "script": asked.script,
            "sought": asked.sought,
            "theme": names.index(asked.theme) + 1 if asked.theme else 0,
            "fewest": FEWEST,
            "most": AT_ONCE,
            "offset": asked.offset,
        },
    ).fetchall()
    return _read(rows, names)


def themes(cursor: lake.Cursor, question: Question) -> dict[str, dict[str, Theme]]:
    """Touchpoint's code → theme → how many tell of it; those without comments are left out."""
    parameters = {
        **scope_parameters(question),
        **code_parameters(question),
        **_words_and_scales(question),
        "newest": NEWEST,
    }
    names = list(WORDS)
    found: dict[str, dict[str, Theme]] = {}
    for place, theme, *counts in cursor.execute(lake.query("themes"), parameters).fetchall():
        found.setdefault(question.places[place].code, {})[names[theme - 1]] = Theme(*counts)
    return found


def _words_and_scales(question: Question) -> dict[str, Any]:
    """A pattern for each theme, each a parameter of its own: compiled once, not for every row."""
    scales = question.scales.values()
    return {
        **{name: "|".join(words) for name, words in WORDS.items()},
        "metrics": [s.code for s in scales],
        "at_most": [_text(s.pain_at_most) for s in scales],
        "at_least": [_text(s.pain_at_least) for s in scales],
    }


def _read(rows: list[tuple[Any, ...]], names: list[str]) -> Heard:
    one = {kind: n for kind, _value, n, _quote in rows if kind not in ("theme", "script", "quote")}
    return Heard(
        answered=one.get("answered") or 0,
        comments=one.get("comments", 0),
        asked=one.get("asked", 0),
        none=one.get("none", 0),
        themes={names[int(v) - 1]: n for kind, v, n, _quote in rows if kind == "theme" and n},
        scripts={v: n for kind, v, n, _quote in rows if kind == "script"},
        quotes=tuple(
            Quote(**{**quote, "occurred_at": quote["occurred_at"].replace(tzinfo=UTC)})
            for kind, _value, _n, quote in rows
            if kind == "quote"
        ),
    )


def _text(number: Any) -> str | None:
    return None if number is None else str(number)
