"""A mortgage, from the dream of a home to the last instalment."""

from journeys.starters.words import Stages

STAGES: Stages = [
    (
        "dream",
        ("Dream", "产生想法"),
        [
            (
                ("Works out what is possible", "估算能买多少"),
                {
                    "do": (
                        "Tries online calculators, asks the family",
                        "用网上计算器估算，与家人商量",
                    ),
                    "think": ("“Can we afford this for thirty years?”", "“三十年都负担得起吗？”"),
                    "feel": 1,
                    "pain": ("Each calculator says something else", "每个计算器结果都不同"),
                    "ideas": (
                        "Calculate with their own account's figures",
                        "用客户自己的账户数据测算",
                    ),
                },
            )
        ],
    ),
    (
        "advice",
        ("Advice", "咨询"),
        [
            (
                ("Gets an appointment", "预约顾问"),
                {
                    "do": ("Calls or books online", "电话或网上预约"),
                    "feel": -1,
                    "pain": (
                        "The next free adviser is in two weeks; the house is not",
                        "两周后才有顾问，房子等不了",
                    ),
                    "front": ("Hotline, booking page", "热线、预约页面"),
                },
            ),
            (
                ("Talks with the adviser", "与顾问面谈"),
                {
                    "do": ("Brings payslips, talks through the plan", "带工资单，讨论方案"),
                    "think": ("“Do they advise me, or sell to me?”", "“是在给建议还是在推销？”"),
                    "feel": 0,
                    "front": ("Mortgage adviser", "房贷顾问"),
                    "back": ("Rates and limits of the day", "当日利率与额度"),
                },
            ),
        ],
    ),
    (
        "apply",
        ("Application", "申请"),
        [
            (
                ("Hands in documents", "提交材料"),
                {
                    "do": (
                        "Collects income, land register, plans, insurance",
                        "收集收入、产权、图纸、保险材料",
                    ),
                    "think": ("“I have sent this already”", "“这份我已经交过了”"),
                    "feel": -2,
                    "pain": ("Documents are asked for one after another", "材料被一份一份地追要"),
                    "front": ("Upload page, adviser's mailbox", "上传页面、顾问邮箱"),
                    "back": ("Completeness is checked by hand", "人工检查材料是否齐全"),
                    "ideas": (
                        "All at once, with what is still missing in view",
                        "一次列全，随时可见还缺什么",
                    ),
                },
            ),
            (
                ("Waits for the decision", "等待审批"),
                {
                    "do": ("Calls every other day", "隔天打电话询问"),
                    "think": ("“The seller will not wait”", "“卖家不会等我们”"),
                    "feel": -2,
                    "pain": ("Nobody can say when", "没有人能说清时间"),
                    "back": ("Valuation, credit check, approval by two", "估值、征信、双人审批"),
                    "ideas": ("A promised day, and news before it", "承诺日期，并提前告知进展"),
                },
            ),
        ],
    ),
    (
        "close",
        ("Signing and paying out", "签约与放款"),
        [
            (
                ("Signs", "签约"),
                {
                    "do": ("Reads and signs contract and charge", "阅读并签署合同与抵押"),
                    "feel": 0,
                    "front": ("Adviser, notary", "顾问、公证人"),
                },
            ),
            (
                ("Moves in", "入住"),
                {
                    "do": ("The money arrives, the keys change hands", "放款到账，拿到钥匙"),
                    "think": ("“Ours!”", "“是我们的家了！”"),
                    "feel": 2,
                    "back": ("Conditions checked, loan paid out", "核对条件、发放贷款"),
                },
            ),
        ],
    ),
    (
        "repay",
        ("Repayment", "还款"),
        [
            (
                ("Pays month by month", "按月还款"),
                {
                    "do": ("Pays, now and then pays extra", "按期还款，偶尔提前还一部分"),
                    "feel": 0,
                    "pain": ("What an extra payment saves is not shown", "看不出提前还款能省多少"),
                    "front": ("App, yearly statement", "手机应用、年度对账单"),
                },
            ),
            (
                ("Renews, changes or ends it", "续期、变更或结清"),
                {
                    "do": ("Compares rates when the fixed term ends", "固定利率到期时比较利率"),
                    "think": ("“Will they fight to keep me?”", "“他们会想留住我吗？”"),
                    "feel": 0,
                    "ideas": (
                        "An offer half a year ahead, without being asked",
                        "提前半年主动报价",
                    ),
                },
            ),
        ],
    ),
]
