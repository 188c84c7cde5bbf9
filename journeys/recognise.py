"""What people call things in spreadsheets of journeys, in English and Chinese."""

import re
from functools import cache

from django.utils import translation

from journeys.models import Lane

_BRACKETED = re.compile(r"^(.*\S)\s*\[(\w+)\]$", re.S)
# Words that tell a lane's kind; the first kind that has one wins.
_WORDS: dict[str, list[str]] = {
    "emotion": ["emotion", "feel", "mood", "satisfaction curve", "情绪", "情感", "感受", "心情"],
    "pain": ["pain", "problem", "frustration", "痛点", "问题", "障碍"],
    "opportunity": ["opportunit", "idea", "improvement", "机会", "改进", "创意", "建议"],
    "touchpoint": ["touchpoint", "touch point", "contact point", "触点", "接触点"],
    "channel": ["channel", "渠道"],
    "frontstage": ["frontstage", "front stage", "front office", "onstage", "前台"],
    "backstage": ["backstage", "back stage", "back office", "后台"],
    "system": ["system", "support process", "technology", "系统", "支持"],
    "policy": ["policy", "policies", "process", "regulation", "rule", "政策", "流程", "制度"],
    "metric": ["metric", "kpi", "measure", "指标", "度量", "数据"],
    "image": ["image", "picture", "storyboard", "photo", "图片", "照片", "故事板"],
    "thought": ["think", "thought", "say", "quote", "想", "说", "引语"],
    "action": ["action", "doing", "customers do", "activit", "行为", "行动", "做什么", "活动"],
    "text": ["note", "comment", "text", "备注", "说明", "文字"],
}  # fmt: skip
_USED = {"touchpoints used", "touchpoints of the step", "使用的触点", "所用触点"}


def parted(name: str) -> tuple[str, str]:
    """A lane's name and the kind that stands behind it in brackets, if one does."""
    found = _BRACKETED.match(name)
    if found and found[2].lower() in Lane.Kind.values:
        return found[1], found[2].lower()
    return name, ""


@cache
def _labels() -> dict[str, str]:
    """What the kinds are called here, in either language."""
    found: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found |= {str(label).casefold(): value for value, label in Lane.Kind.choices}
    return found


def kind_of(name: str) -> str:
    """The kind of lane that a name tells; "" where it tells none."""
    plain = " ".join(name.casefold().split())
    if plain in _labels():
        return _labels()[plain]
    for kind, words in _WORDS.items():
        if any(_stands_in(word, plain) for word in words):
            return kind
    return ""


def _stands_in(word: str, name: str) -> bool:
    """At the beginning of a word; Chinese has no spaces between words."""
    begin = r"\b" if word.isascii() else ""
    return re.search(begin + re.escape(word), name) is not None


def is_touchpoints_used(name: str) -> bool:
    return " ".join(name.casefold().split()) in _USED


_FEELINGS = {
    "😀": 2, "😃": 2, "😄": 2, "😍": 2, "🙂": 1, "😊": 1, "😐": 0, "😕": -1, "🙁": -1, "☹": -1,
    "😟": -1, "😠": -2, "😡": -2, "😢": -2, "very good": 2, "very happy": 2, "delighted": 2,
    "good": 1, "happy": 1, "neutral": 0, "ok": 0, "bad": -1, "unhappy": -1, "annoyed": -1,
    "very bad": -2, "very unhappy": -2, "angry": -2, "非常满意": 2, "很好": 2, "满意": 1, "好": 1,
    "一般": 0, "中性": 0, "不满意": -1, "不好": -1, "非常不满意": -2, "很差": -2, "生气": -2,
}  # fmt: skip
_NUMBER = re.compile(r"^([+\-−–]?)\s*(\d+(?:[.,]\d+)?)(?=$|[\s·:：,，;；])")
_BETWEEN = " \t·:：,，;；-–—"


def feeling_in(line: str) -> tuple[float | None, str]:
    """The feeling a line begins with, and the rest of it."""
    text = line.strip()
    if found := _NUMBER.match(text):
        number = float(found[2].replace(",", "."))
        sign = -1 if found[1] in ("-", "−", "–") else 1
        return sign * number, text[found.end() :].strip(_BETWEEN)
    for word in sorted(_FEELINGS, key=len, reverse=True):
        if text.casefold().startswith(word):
            rest = text[len(word) :].lstrip("\ufe0f")
            if not rest or rest[0] in _BETWEEN:
                return _FEELINGS[word], rest.strip(_BETWEEN)
    return None, text
