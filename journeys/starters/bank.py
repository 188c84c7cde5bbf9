"""The seven stages of a bank's customer, from the first need to the next product."""

from journeys.starters.words import Stages

STAGES: Stages = [
    (
        "need",
        ("Need", "产生需求"),
        [
            (
                ("Notices a need", "发现需求"),
                {
                    "do": (
                        "A salary, a rent or a purchase makes them look for a bank",
                        "因工资、房租或购物而开始找银行",
                    ),
                    "think": ("“What do I need, really?”", "“我到底需要什么？”"),
                    "feel": 0,
                    "ideas": (
                        "Be found by the question, not by the product",
                        "按问题而不是按产品被找到",
                    ),
                },
            )
        ],
    ),
    (
        "learn",
        ("Learning about products", "了解产品"),
        [
            (
                ("Compares products", "比较产品"),
                {
                    "do": ("Reads the website, asks friends, calls", "看网站、问朋友、打电话咨询"),
                    "think": ("“What will it cost me in the end?”", "“最后到底要花多少钱？”"),
                    "feel": -1,
                    "pain": ("Fees are spread over several documents", "费用分散在多份文件里"),
                    "front": ("Product pages, hotline, adviser", "产品页面、热线、理财经理"),
                    "back": ("Marketing keeps prices and terms up to date", "市场部维护价格与条款"),
                },
            )
        ],
    ),
    (
        "choose",
        ("Choosing a bank", "选择银行"),
        [
            (
                ("Decides for a bank", "决定选哪家银行"),
                {
                    "do": ("Weighs nearness, price and reputation", "权衡距离、价格与口碑"),
                    "think": ("“Can I trust them with my money?”", "“把钱交给他们放心吗？”"),
                    "feel": 0,
                    "front": ("First conversation, by chat or in a branch", "首次沟通：在线或网点"),
                },
            )
        ],
    ),
    (
        "do-business",
        ("Doing business", "办理业务"),
        [
            (
                ("Opens or signs", "开户或签约"),
                {
                    "do": ("Identifies, fills in forms, signs", "核验身份、填表、签字"),
                    "think": ("“Why do they ask this twice?”", "“为什么同样的内容要填两遍？”"),
                    "feel": -1,
                    "pain": (
                        "Waits for a free desk; a document is missing",
                        "排队等窗口；缺少材料",
                    ),
                    "front": ("Adviser or app leads through the forms", "理财经理或应用引导填写"),
                    "back": (
                        "Checks identity and risk, opens the account",
                        "核验身份与风险、开立账户",
                    ),
                    "ideas": ("Say beforehand what to bring", "提前告知需要带什么"),
                },
            )
        ],
    ),
    (
        "maintain",
        ("Maintenance", "后续维护"),
        [
            (
                ("Uses it day by day", "日常使用"),
                {
                    "do": ("Pays, transfers, looks at the balance", "付款、转账、查余额"),
                    "think": ("“It just has to work”", "“能用就行，别出问题”"),
                    "feel": 1,
                    "front": (
                        "App, cards, machines, statements",
                        "手机应用、银行卡、自助设备、对账单",
                    ),
                    "back": ("Payments are booked, fraud is watched for", "记账与反欺诈监控"),
                },
            )
        ],
    ),
    (
        "solve",
        ("Problem solving", "问题解决"),
        [
            (
                ("Asks for help", "寻求帮助"),
                {
                    "do": (
                        "Calls because a card or payment failed",
                        "银行卡或付款出问题，致电客服",
                    ),
                    "think": ("“Do I have to tell it all again?”", "“又要从头说一遍吗？”"),
                    "feel": -2,
                    "pain": (
                        "Is passed on, and waits again each time",
                        "被反复转接，每次都要重新等待",
                    ),
                    "front": ("Hotline, chat, branch", "热线、在线客服、网点"),
                    "back": ("Specialists look into it", "专员查明原因"),
                    "ideas": (
                        "One person owns the case until it is solved",
                        "一人负责到底，直到解决",
                    ),
                },
            )
        ],
    ),
    (
        "upgrade",
        ("Upgrading", "产品升级"),
        [
            (
                ("Takes the next product", "选用下一个产品"),
                {
                    "do": ("Adds savings, a loan or a better card", "增加储蓄、贷款或升级银行卡"),
                    "think": ("“They know me; so make it easy”", "“他们了解我，应该更简单”"),
                    "feel": 1,
                    "pain": (
                        "Is asked for what the bank knows already",
                        "被要求提供银行已有的资料",
                    ),
                    "ideas": (
                        "Offer when life changes, not when a campaign does",
                        "在客户生活变化时推荐，而不是随活动推荐",
                    ),
                },
            )
        ],
    ),
]
