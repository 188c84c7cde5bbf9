"""Maps to start from. Their words are content, not labels: they go into the map once, in the
language of whoever starts it, and belong to that map from then on.

The bank's seven stages follow a journey from the first need to the next product.
"""

from typing import Any

from django.utils.translation import get_language

Document = dict[str, Any]

LANES = {
    "en": [
        ("do", "action", "What customers do"),
        ("think", "thought", "What customers think"),
        ("feel", "emotion", "How customers feel"),
        ("pain", "pain", "Pain points"),
        ("front", "frontstage", "Frontstage: staff and screens"),
        ("back", "backstage", "Backstage: what customers do not see"),
        ("ideas", "opportunity", "Opportunities"),
    ],
    "zh": [
        ("do", "action", "客户做什么"),
        ("think", "thought", "客户想什么"),
        ("feel", "emotion", "客户的感受"),
        ("pain", "pain", "痛点"),
        ("front", "frontstage", "前台:员工与界面"),
        ("back", "backstage", "后台:客户看不到的工作"),
        ("ideas", "opportunity", "改进机会"),
    ],
}

# id, stage, its first step
BANK = {
    "en": [
        ("need", "Need", "Notices a need"),
        ("learn", "Learning about products", "Compares products"),
        ("choose", "Choosing a bank", "Decides for a bank"),
        ("do-business", "Doing business", "Opens or signs"),
        ("maintain", "Maintenance", "Uses it day by day"),
        ("solve", "Problem solving", "Asks for help"),
        ("upgrade", "Upgrading", "Takes the next product"),
    ],
    "zh": [
        ("need", "产生需求", "发现需求"),
        ("learn", "了解产品", "比较产品"),
        ("choose", "选择银行", "决定选哪家银行"),
        ("do-business", "办理业务", "开户或签约"),
        ("maintain", "后续维护", "日常使用"),
        ("solve", "问题解决", "寻求帮助"),
        ("upgrade", "产品升级", "选用下一个产品"),
    ],
}


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _lanes() -> list[Document]:
    return [{"id": key, "kind": kind, "name": name} for key, kind, name in LANES[_language()]]


def blank() -> Document:
    """No stages yet, and the usual lanes."""
    return {"stages": [], "lanes": _lanes()}


def bank() -> Document:
    """The seven stages of a bank's customer, one step each, and the usual lanes."""
    stages = BANK[_language()]
    return {
        "stages": [{"id": key, "name": name} for key, name, _step in stages],
        "steps": [{"id": f"{key}-1", "stage": key, "name": step} for key, _name, step in stages],
        "lanes": _lanes(),
    }


STARTERS = {"blank": blank, "bank": bank}
