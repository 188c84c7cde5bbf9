"""The form in which starters are written: every text in English and in Chinese, side by side."""

Pair = tuple[str, str]
# A step: its name, and what stands in its lanes; a number is how it feels.
Steps = list[tuple[Pair, dict[str, Pair | int]]]
Stages = list[tuple[str, Pair, Steps]]
Lanes = list[tuple[str, str, Pair]]  # id, kind, name

USUAL_LANES: Lanes = [
    ("do", "action", ("What customers do", "客户做什么")),
    ("think", "thought", ("What customers think", "客户想什么")),
    ("feel", "emotion", ("How customers feel", "客户的感受")),
    ("pain", "pain", ("Pain points", "痛点")),
    ("front", "frontstage", ("Frontstage: staff and screens", "前台：员工与界面")),
    ("back", "backstage", ("Backstage: what customers do not see", "后台：客户看不到的工作")),
    ("ideas", "opportunity", ("Opportunities", "改进机会")),
]
