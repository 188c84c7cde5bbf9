"""What the demo bank's customers write beside their scores: variants per theme, two languages."""

# Theme → (English, Chinese); {m} is how many minutes the customer waited.
COMPLAINTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "waiting": (
        (
            "I waited far too long and nobody told me why.",
            "{m} minutes in the queue for a two-minute matter.",
            "Only one counter open at lunchtime, half the chairs taken.",
            "Please call people back instead of keeping them on hold.",
            "Was told ten minutes, it was much more.",
            "Too slow. I had to leave work early for this.",
            "The ticket machine said 4 people before me. It felt like forty.",
        ),
        (
            "等太久了,没有人解释原因。",
            "排队等了{m}分钟,办理只要两分钟。",
            "中午只开一个窗口,大家都在等。",
            "说好十分钟,结果等了半天。",
            "电话一直占线,最后只能挂掉。",
        ),
    ),
    "procedures": (
        (
            "I had to enter the same details for the third time.",
            "Rejected again, and again no word about what was wrong with the picture.",
            "Why do you need my address twice when you already have it?",
            "So many fields. I gave up once and came back later.",
            "It logged me out in the middle and everything was gone.",
            "Uploading the payslips took four attempts.",
            "The form does not accept my name as it is in my passport.",
        ),
        (
            "同样的资料要填三遍,太麻烦了。",
            "照片总是不通过,也不说哪里不对。",
            "手续太繁琐,能不能简化一点?",
            "上传材料传了四次才成功。",
            "填到一半退出登录,全部要重来。",
        ),
    ),
    "information": (
        (
            "I never know where my application stands.",
            "The message says 'in progress'. Since Tuesday.",
            "Nobody told me what happens next or how long it takes.",
            "The fees are hidden three pages deep.",
            "I had to phone to find out what the message meant.",
            "Different numbers on the web page and in the letter.",
        ),
        (
            "一直显示处理中,不知道到哪一步了。",
            "希望能告诉我还要多久。",
            "费用说明藏得太深,看不明白。",
            "短信看不懂,还得打电话问。",
            "网页和信里的数字不一样。",
        ),
    ),
    "communication": (
        (
            "The assistant answered a question I had not asked, three times.",
            "Every person I spoke to told me something different.",
            "The letter reads as if a lawyer wrote it for another lawyer.",
            "I felt treated like the one who had done something wrong.",
            "Was passed on to another department and had to start over.",
            "Friendly, but could not answer my question.",
        ),
        (
            "机器人答非所问,转人工又要等。",
            "每个人说的都不一样,不知道该信谁。",
            "信写得太专业,看了三遍还是不懂。",
            "被转来转去,每次都要重新说一遍。",
            "态度还行,但是没解决问题。",
        ),
    ),
}

PRAISE: tuple[tuple[str, ...], tuple[str, ...]] = (
    (
        "Quick and friendly, thank you.",
        "Everything worked at the first try.",
        "The adviser explained it clearly.",
        "Easier than with my old bank.",
        "Done in five minutes on the train.",
        "Good, no complaints.",
    ),
    (
        "很方便,几分钟就办好了。",
        "客户经理讲得很清楚,谢谢。",
        "服务态度很好。",
        "比以前的银行简单多了。",
        "一次就通过了,点赞。",
    ),
)

# Content customers who ask for something better: what an itch is made of.
WISHES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "account-status-messages": (
        (
            "Fine, but a date would help: when will the card come?",
            "Could the message say what the next step is?",
            "I would like one message per day at most, with the real status.",
            "A progress bar as for parcels would be nice.",
        ),
        (
            "要是能显示预计完成日期就更好了。",
            "希望像快递一样能看到进度。",
            "短信里能写清楚下一步吗?",
        ),
    ),
}
