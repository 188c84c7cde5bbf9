"""A complaint, from the annoyance to trust regained."""

from journeys.starters.words import Stages

STAGES: Stages = [
    (
        "annoyed",
        ("Something went wrong", "出现问题"),
        [
            (
                ("Notices the mistake", "发现错误"),
                {
                    "do": (
                        "Finds a fee or booking that should not be there",
                        "发现不该有的收费或入账",
                    ),
                    "think": ("“Was it me, or was it them?”", "“是我的问题还是银行的问题？”"),
                    "feel": -1,
                    "pain": (
                        "The statement does not say what the fee is for",
                        "对账单没有说明收费原因",
                    ),
                },
            ),
            (
                ("Looks for whom to tell", "找投诉渠道"),
                {
                    "do": ("Searches app, website, back of the card", "在应用、网站、卡背面寻找"),
                    "feel": -2,
                    "pain": ("“Complaint” is nowhere in the menu", "菜单里没有“投诉”"),
                    "ideas": (
                        "A way to object right beside the booking",
                        "在每笔入账旁提供异议入口",
                    ),
                },
            ),
        ],
    ),
    (
        "tell",
        ("Telling", "提出投诉"),
        [
            (
                ("Explains what happened", "说明情况"),
                {
                    "do": ("Calls, writes or comes in; tells the story", "致电、写信或到网点说明"),
                    "think": ("“Do they believe me?”", "“他们相信我吗？”"),
                    "feel": -2,
                    "pain": ("Tells the same story three times", "同样的事说三遍"),
                    "front": ("First person who hears of it", "首位受理人员"),
                    "back": ("The case gets a number and an owner", "生成编号并指定负责人"),
                    "ideas": ("Whoever hears it first keeps it", "首问负责制"),
                },
            ),
            (
                ("Gets a confirmation", "收到受理确认"),
                {
                    "do": ("Reads when an answer will come", "了解何时会有答复"),
                    "feel": -1,
                    "front": ("Message with number, person and day", "含编号、负责人与日期的通知"),
                },
            ),
        ],
    ),
    (
        "wait",
        ("Waiting", "等待"),
        [
            (
                ("Hears how it stands", "了解进展"),
                {
                    "do": ("Asks again if nothing comes", "没有消息就再次询问"),
                    "think": ("“Have they forgotten me?”", "“是不是把我忘了？”"),
                    "feel": -2,
                    "pain": ("Silence until the day of the answer", "答复之前毫无消息"),
                    "front": ("News without being asked", "主动告知进展"),
                    "back": ("Facts are gathered from several teams", "向多个部门核实事实"),
                },
            )
        ],
    ),
    (
        "answer",
        ("Answer", "答复"),
        [
            (
                ("Gets the answer", "收到答复"),
                {
                    "do": ("Reads whether the bank agrees", "了解银行是否认可"),
                    "think": ("“Is that fair?”", "“这样公平吗？”"),
                    "feel": 0,
                    "pain": ("A letter of paragraphs, no apology", "满纸条文，没有道歉"),
                    "front": ("A person who explains and says sorry", "有人解释并道歉"),
                    "back": ("Decision within set limits, refund booked", "在权限内决定并退款"),
                    "ideas": ("Let the first line refund small sums at once", "小额由一线当场退还"),
                },
            )
        ],
    ),
    (
        "after",
        ("Afterwards", "之后"),
        [
            (
                ("Sees that it stays mended", "确认不再发生"),
                {
                    "do": ("Checks the next statement", "查看下一期对账单"),
                    "think": ("“They listened”", "“他们听进去了”"),
                    "feel": 1,
                    "back": ("The cause is found and taken away", "找到并消除根本原因"),
                    "ideas": (
                        "Tell everyone affected, not only who complained",
                        "通知所有受影响的客户",
                    ),
                },
            )
        ],
    ),
]
