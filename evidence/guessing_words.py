"""What banks call the columns and values of their files, in English and in Chinese.

Words of a column are matched whole (`q_time` holds `q time`), Chinese words anywhere in the name.
Stronger words come first.
"""

import re
import unicodedata

FIELD_WORDS: dict[str, tuple[str, ...]] = {
    "occurred_at": (
        "occurred at", "occurred", "timestamp", "datetime", "date time", "answered at",
        "started at",
        "start time", "created at", "submitted", "arrival", "arrived", "drawn at", "vru entry",
        "event time", "date", "day", "time", "发生时间", "取号时间", "到达时间",
        "进线时间", "来电时间",
        "提交时间", "答题时间", "评价时间", "开始时间", "业务时间", "日期", "时间",
    ),
    "ended_at": ("ended at", "end time", "ended", "finished at", "completed at", "closed at",
                 "结束时间", "完成时间", "办结时间"),
    "wait_s": ("wait", "waited", "waiting", "wait time", "waiting time", "wait s", "wait seconds",
               "q time", "queue time", "time in queue", "hold time", "等待时间", "等待时长",
               "等候时间",
               "等候时长", "排队时间", "排队时长", "等待", "等候", "排队"),
    "service_s": ("service time", "ser time", "served", "serving time", "handle time",
                  "handling time", "talk time", "duration", "service s", "service seconds",
                  "service minutes", "服务时间", "服务时长",
                  "办理时长", "办理时间", "处理时长", "通话时长", "通话时间"),
    "score": ("score", "rating", "grade", "stars", "points", "answer value", "评分", "得分", "分数",
              "打分", "星级", "满意度"),
    "metric": ("metric", "question", "measure", "kpi", "指标", "题目", "问题"),
    "comment": ("comment", "comments", "verbatim", "feedback", "remark", "remarks", "free text",
                "评论", "意见", "建议", "留言", "备注", "反馈"),
    "weight": ("weight", "wt", "权重"),
    "event_id": ("event id", "answer id", "response id", "ticket", "ticket no", "call id",
                 "record id", "event", "answer", "uuid", "id", "流水号", "票号", "排队号", "记录号",
                 "工单号", "序号", "编号"),
    "customer": ("customer", "customer id", "cust id", "customer no", "client", "client id",
                 "member id", "respondent", "respnum", "user id", "cif", "客户号", "客户编号",
                 "客户id",
                 "客户代码", "用户", "会员", "客户"),
    "case_id": ("case", "case id", "application", "application id", "session", "session id",
                "申请号",
                "申请编号", "案件", "业务编号", "会话"),
    "touchpoint": ("touchpoint", "touch point", "queue", "queue name", "service", "service type",
                   "transaction type", "business type", "activity", "step", "page", "type", "触点",
                   "队列", "业务类型", "业务种类", "业务", "服务项目", "环节", "节点", "步骤"),
    "journey": ("journey", "旅程"),
    "channel": ("channel", "渠道"),
    "segment": ("segment", "tier", "priority", "customer type", "customer group", "客户等级",
                "客户类型", "客户层级", "客群", "等级"),
    "unit": ("unit", "branch", "branch code", "office", "team", "desk", "location", "barea", "网点",
             "支行", "分行", "机构", "营业厅", "柜台"),
    "outcome": ("outcome", "result", "status", "disposition", "结果", "状态"),
    "agent": ("agent", "server", "teller", "employee", "operator", "staff", "柜员", "坐席", "客服",
              "工号", "经办"),
}  # fmt: skip

METRIC_WORDS: dict[str, tuple[str, ...]] = {
    "nps": ("nps", "netpro", "net promoter", "recommend", "recommendation", "promoter", "推荐"),
    "ces": ("ces", "effort", "easy", "ease", "容易", "费力", "便捷", "方便"),
    "csat": ("csat", "satisfaction", "satisfied", "satisfy", "sat", "满意"),
}

# What a waiting ended with; None is no customer at all.
OUTCOMES: dict[str, str | None] = {
    **dict.fromkeys(
        ("agent", "served", "answered", "handled", "completed", "complete", "done", "finished",
         "已服务", "已办理", "已接通", "接通", "完成", "已完成", "办结", "正常"), "served"),
    **dict.fromkeys(
        ("hang", "hangup", "hung up", "abandoned", "abandon", "left", "no show", "noshow", "missed",
         "lost", "放弃", "弃号", "过号", "离开", "挂断", "未接通"), "abandoned"),
    **dict.fromkeys(("phantom", "void", "test", "dummy", "作废", "测试"), None),
}  # fmt: skip

# Answers in words, on a scale of five.
WORDED = {
    "very satisfied": 5, "satisfied": 4, "neutral": 3, "neither": 3, "dissatisfied": 2,
    "extremely satisfied": 5, "somewhat satisfied": 4, "neither satisfied nor dissatisfied": 3,
    "somewhat dissatisfied": 2, "extremely dissatisfied": 1,
    "unsatisfied": 2, "very dissatisfied": 1, "very unsatisfied": 1,
    "excellent": 5, "good": 4, "fair": 3, "average": 3, "poor": 2, "very poor": 1,
    "非常满意": 5, "很满意": 5, "满意": 4, "比较满意": 4, "基本满意": 4, "一般": 3, "中立": 3,
    "不太满意": 2, "不满意": 2, "非常不满意": 1, "很不满意": 1,
}  # fmt: skip

UNIT_WORDS = {
    "ms": ("ms", "millis", "milliseconds", "毫秒"),
    "min": ("min", "mins", "minute", "minutes", "分钟"),
    "h": ("h", "hours", "hour", "小时"),
}

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3400-\u9fff]")


def words_of(name: str) -> str:
    """`qTime_(min)` becomes ` q time min `: small words between single spaces."""
    plain = _CAMEL.sub(" ", unicodedata.normalize("NFKC", name)).casefold()
    return " " + " ".join(_WORD.findall(plain)) + " "


def strength(name: str, words: tuple[str, ...]) -> float:
    """How much a column's name speaks for one of these words: 0 not at all, 1 it is the word."""
    own = words_of(name)
    best = 0.0
    for place, word in enumerate(words):
        early = 1 - 0.3 * place / len(words)
        if own.strip() == word:
            found = 1.0
        elif _CJK.search(word):
            found = 0.9 * (len(word) / len(own.strip())) ** 0.3 if word in own else 0.0
        else:
            found = 0.6 if f" {word} " in own else 0.0
        best = max(best, found * early)
    return best


def unit_in(name: str) -> str:
    """The unit of a duration that its column's name tells; seconds unless told."""
    own = words_of(name)
    for unit, words in UNIT_WORDS.items():
        if any((word in own) if _CJK.search(word) else (f" {word} " in own) for word in words):
            return unit
    return "s"


def metric_in(name: str) -> str:
    """The built-in metric a question's name or words speak of, or nothing."""
    own = words_of(name)
    for metric, words in METRIC_WORDS.items():
        if any((word in own) if _CJK.search(word) else (f" {word} " in own) for word in words):
            return metric
    return ""


def without_metric(name: str) -> str:
    """What is left of a question's name besides the metric: `csat_counter` → `counter`."""
    left = re.sub(r"满意度|推荐意愿|推荐度|便捷度|评分|得分|打分", " ", words_of(name))
    for words in METRIC_WORDS.values():
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word if _CJK.search(word) else f" {word} ", " ")
    left = re.sub(r"^ ?q\d+[a-z]?(?= |$)", " ", left)
    left = re.sub(r"^ ?q\d+", " ", left)
    return re.sub(r"[^\w]+", "-", left.strip()).strip("-")
