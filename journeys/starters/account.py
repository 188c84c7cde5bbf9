"""Opening an account, from comparing banks to the first payment."""

from journeys.starters.words import Stages

STAGES: Stages = [
    (
        "prepare",
        ("Prepare", "准备"),
        [
            (
                ("Compares accounts", "比较账户"),
                {
                    "do": (
                        "Looks at fees, cards and the app's reviews",
                        "查看费用、卡种与应用评价",
                    ),
                    "think": ("“Which of the four accounts is mine?”", "“四种账户里哪种适合我？”"),
                    "feel": 0,
                    "pain": (
                        "The difference between accounts is hard to see",
                        "账户之间的差别不清楚",
                    ),
                    "front": ("Comparison page", "产品对比页面"),
                },
            ),
            (
                ("Gathers documents", "准备材料"),
                {
                    "do": ("Finds the identity card and proof of address", "找出身份证和住址证明"),
                    "think": ("“Is a bill from last year good enough?”", "“去年的账单可以吗？”"),
                    "feel": -1,
                    "ideas": ("A checklist for this customer's case", "按客户情况生成材料清单"),
                },
            ),
        ],
    ),
    (
        "apply",
        ("Apply", "申请"),
        [
            (
                ("Fills in the form", "填写申请"),
                {
                    "do": (
                        "Enters name, address, income, tax residence",
                        "填写姓名、住址、收入、税收居民身份",
                    ),
                    "think": ("“What do they need my income for?”", "“为什么要知道我的收入？”"),
                    "feel": -1,
                    "pain": (
                        "The form forgets everything after ten minutes",
                        "停留十分钟后内容丢失",
                    ),
                    "front": ("Web form, or adviser at the desk", "网上表单或柜台人员"),
                    "ideas": ("Say beside each question why it is asked", "在每个问题旁说明原因"),
                },
            ),
            (
                ("Proves who they are", "身份核验"),
                {
                    "do": (
                        "Video call, or a visit with the identity card",
                        "视频核验或携证件到网点",
                    ),
                    "feel": -1,
                    "pain": ("The video fails on a weak connection", "网络不好时视频核验失败"),
                    "front": ("Identification agent", "核验专员"),
                    "back": (
                        "Identity, sanctions and risk are checked",
                        "核查身份、制裁名单与风险",
                    ),
                },
            ),
            (
                ("Signs", "签约"),
                {
                    "do": ("Signs the contract and the terms", "签署合同与条款"),
                    "think": ("“Nobody reads all this”", "“谁会把这些全看完？”"),
                    "feel": 0,
                    "front": ("Electronic signature, or pen and paper", "电子签名或纸质签字"),
                },
            ),
        ],
    ),
    (
        "start",
        ("Start", "开始使用"),
        [
            (
                ("Waits for card and access", "等待银行卡与登录信息"),
                {
                    "do": ("Waits for three letters on three days", "分三天收到三封信"),
                    "think": ("“Has something gone wrong?”", "“是不是出了什么问题？”"),
                    "feel": -2,
                    "pain": ("Nobody says how far it has come", "没有人告知进度"),
                    "back": ("Account is opened, card made, PIN printed", "开户、制卡、打印密码"),
                    "ideas": (
                        "Show each step as it is done; a virtual card at once",
                        "逐步显示进度；先发虚拟卡",
                    ),
                },
            ),
            (
                ("Pays for the first time", "首次付款"),
                {
                    "do": ("Installs the app, pays, sees the booking", "安装应用、付款、看到入账"),
                    "think": ("“It works!”", "“可以用了！”"),
                    "feel": 2,
                    "front": ("App greets and shows the first steps", "应用欢迎并引导第一步"),
                },
            ),
            (
                ("Moves salary and standing orders", "转移工资与自动扣款"),
                {
                    "do": ("Tells employer, landlord, providers", "通知雇主、房东和各服务商"),
                    "feel": -1,
                    "pain": ("A forgotten debit bounces", "遗漏的扣款被退回"),
                    "front": ("Switching service", "账户迁移服务"),
                    "ideas": ("Find the payers in the old statements", "从旧账单中自动找出付款方"),
                },
            ),
        ],
    ),
]
