"""A service blueprint, by the example of replacing a lost card."""

from journeys.starters.words import Lanes, Stages

LANES: Lanes = [
    ("evidence", "touchpoint", ("What customers see and hold", "客户看到和拿到的")),
    ("do", "action", ("What customers do", "客户做什么")),
    ("feel", "emotion", ("How customers feel", "客户的感受")),
    ("front", "frontstage", ("Frontstage: whom and what they meet", "前台：客户接触的人与界面")),
    ("back", "backstage", ("Backstage: people they do not see", "后台：客户看不到的人员")),
    ("systems", "system", ("Systems", "系统")),
    ("rules", "policy", ("Rules and processes", "制度与流程")),
    ("measure", "metric", ("What is measured", "衡量指标")),
]

STAGES: Stages = [
    (
        "report",
        ("Report", "挂失"),
        [
            (
                ("Notices the loss", "发现丢卡"),
                {
                    "evidence": ("Emergency number on website and app", "网站与应用上的紧急电话"),
                    "do": ("Searches, then looks for the number", "先找卡，再找挂失电话"),
                    "feel": -2,
                    "measure": ("Time from loss to call", "从丢卡到致电的时间"),
                },
            ),
            (
                ("Blocks the card", "冻结银行卡"),
                {
                    "evidence": ("Message: the card is blocked", "短信：卡片已冻结"),
                    "do": ("Calls or taps “block”", "致电或点击“冻结”"),
                    "feel": -1,
                    "front": ("Agent identifies the caller and blocks", "客服核验身份并冻结"),
                    "back": ("Fraud team looks at the last payments", "反欺诈团队检查最近交易"),
                    "systems": ("Card system, fraud detection", "卡系统、反欺诈系统"),
                    "rules": ("Blocking is possible day and night, at once", "全天候即时冻结"),
                    "measure": ("Wait on the emergency line", "紧急热线等待时间"),
                },
            ),
        ],
    ),
    (
        "replace",
        ("Replace", "补卡"),
        [
            (
                ("Orders a new card", "申请新卡"),
                {
                    "evidence": ("Confirmation with the day of arrival", "含到达日期的确认"),
                    "do": ("Confirms address and fee", "确认地址与费用"),
                    "feel": 0,
                    "front": ("Agent or app takes the order", "客服或应用受理"),
                    "back": ("Card is made and sent", "制卡并寄出"),
                    "systems": ("Card maker's order system", "制卡商订单系统"),
                    "rules": ("Fee waived after theft", "被盗补卡免费"),
                },
            ),
            (
                ("Gets by without it", "无卡期间"),
                {
                    "evidence": ("Virtual card in the phone", "手机里的虚拟卡"),
                    "do": ("Pays by phone, gets cash in a branch", "手机支付，到网点取现"),
                    "feel": -1,
                    "front": ("Branch pays out without a card", "网点无卡取款"),
                    "systems": ("Wallet service", "钱包服务"),
                    "measure": ("Days without a card", "无卡天数"),
                },
            ),
        ],
    ),
    (
        "resume",
        ("Carry on", "恢复使用"),
        [
            (
                ("Activates the new card", "激活新卡"),
                {
                    "evidence": ("Card and letter", "卡片与信函"),
                    "do": ("Activates, tells shops that had it stored", "激活，并更新已绑定的商户"),
                    "feel": 1,
                    "front": ("App leads through activation", "应用引导激活"),
                    "back": ("Old number is closed for good", "旧卡号永久注销"),
                    "systems": ("Card system tells shops the new number", "卡系统向商户更新卡号"),
                    "measure": ("First payment within a week", "一周内首次付款的比例"),
                },
            )
        ],
    ),
]
