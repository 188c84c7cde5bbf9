"""Channels, segments and units. Those first met in a map file: the code is the name, the kind
a guess."""

from typing import Any

from django.db.models import Max, QuerySet

from accounts.models import Workspace
from touchpoints.models import Channel, Named, Segment, Unit

KINDS: dict[str, type[Named]] = {"channel": Channel, "segment": Segment, "unit": Unit}
KIND_WORDS: dict[str, tuple[str, ...]] = {
    Channel.Kind.WECHAT: ("wechat", "weixin", "微信"),
    Channel.Kind.CHATBOT: ("chatbot", "bot", "assistant", "机器人"),
    Channel.Kind.EMAIL: ("email", "e-mail", "mail", "邮件"),
    Channel.Kind.ATM: ("atm", "kiosk", "自助"),
    Channel.Kind.BRANCH: ("branch", "counter", "teller", "lobby", "office", "网点", "柜"),
    Channel.Kind.PHONE: ("phone", "call", "hotline", "电话"),
    Channel.Kind.WEB: ("web", "site", "online", "网站", "网银"),
    Channel.Kind.POST: ("post", "letter", "信件"),
    Channel.Kind.APP: ("app", "mobile", "手机"),
}


def guess_channel_kind(code: str) -> str:
    """The kind a channel's code speaks of: `branch-counter` is a branch."""
    lowered = code.lower()
    if lowered in Channel.Kind.values:
        return lowered
    for kind, words in KIND_WORDS.items():
        if any(word in lowered for word in words):
            return kind
    return Channel.Kind.OTHER


def channel_by_code(workspace: Workspace, code: str) -> Channel:
    """The workspace's channel with this code, made where there is none."""
    found, _made = Channel.objects.get_or_create(
        workspace=workspace,
        code=code,
        defaults={
            "name": code,
            "kind": guess_channel_kind(code),
            "position": next_position(Channel.objects.filter(workspace=workspace)),
        },
    )
    return found


def segment_by_code(workspace: Workspace, code: str) -> Segment:
    """The workspace's segment with this code, made where there is none."""
    found, _made = Segment.objects.get_or_create(
        workspace=workspace,
        code=code,
        defaults={
            "name": code,
            "position": next_position(Segment.objects.filter(workspace=workspace)),
        },
    )
    return found


def next_position(rows: QuerySet[Any]) -> int:
    """The place after the last."""
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
