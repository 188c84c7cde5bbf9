"""A visit to a branch, from looking up the hours to leaving."""

from journeys.starters.words import Stages

STAGES: Stages = [
    (
        "before",
        ("Before", "来之前"),
        [
            (
                ("Decides to go", "决定去网点"),
                {
                    "do": ("Looks up hours, books or just goes", "查营业时间，预约或直接前往"),
                    "think": ("“Can I do that without going?”", "“不去网点能办吗？”"),
                    "feel": 0,
                    "pain": ("The map shows old opening hours", "地图上的营业时间已过时"),
                    "front": ("Branch finder, booking page", "网点查询、预约页面"),
                    "ideas": ("Show how busy it is right now", "显示当前繁忙程度"),
                },
            )
        ],
    ),
    (
        "arrive",
        ("Arriving", "到达"),
        [
            (
                ("Finds the way in", "进门"),
                {
                    "do": ("Looks for a desk, a machine, a person", "寻找柜台、设备或工作人员"),
                    "think": ("“Where do I have to go?”", "“该去哪里？”"),
                    "feel": -1,
                    "front": ("Greeter, signs", "大堂引导员、指示牌"),
                },
            ),
            (
                ("Waits", "等候"),
                {
                    "do": ("Takes a number, watches the screen", "取号、看叫号屏"),
                    "think": ("“They have three desks and one person”", "“三个窗口只开一个”"),
                    "feel": -2,
                    "pain": ("No word on how long; nowhere to sit", "不知要等多久；没有座位"),
                    "front": ("Ticket machine, screen, seats", "取号机、叫号屏、座椅"),
                    "back": ("Rota of the desks", "窗口排班"),
                    "ideas": ("Say the expected wait with the ticket", "取号时告知预计等待时间"),
                },
            ),
        ],
    ),
    (
        "served",
        ("Being served", "办理"),
        [
            (
                ("Says what it is about", "说明来意"),
                {
                    "do": ("Shows identity, explains", "出示证件并说明"),
                    "feel": 0,
                    "pain": ("Private matters are heard by the queue", "隐私被排队的人听到"),
                    "front": ("Teller, adviser", "柜员、理财经理"),
                },
            ),
            (
                ("Gets it done", "办完业务"),
                {
                    "do": ("Signs, pays in, takes out", "签字、存款、取款"),
                    "think": ("“That was a lot of paper”", "“要签这么多纸”"),
                    "feel": 1,
                    "pain": ("Has to come again: a document is missing", "缺材料，还得再来一次"),
                    "front": ("Teller works in two systems", "柜员操作两个系统"),
                    "back": ("Second person approves large sums", "大额由第二人复核"),
                },
            ),
        ],
    ),
    (
        "leave",
        ("Leaving", "离开"),
        [
            (
                ("Goes away with the result", "带着结果离开"),
                {
                    "do": ("Takes a receipt, is asked for an opinion", "拿回执，评价服务"),
                    "think": ("“They were kind, it took an hour”", "“态度很好，可花了一小时”"),
                    "feel": 1,
                    "front": ("Goodbye, survey by message", "道别、短信问卷"),
                    "ideas": ("Show how to do it at home next time", "告知下次如何在家办理"),
                },
            )
        ],
    ),
]
