"""A first mapping for files nobody described, in English and Chinese."""

import csv
import io

import pytest

from evidence.guessing import Guess, guess_mapping
from evidence.mapping_document import parse
from evidence.metrics import BUILT_IN

pytestmark = pytest.mark.django_db


@pytest.fixture
def guess(workspace):
    workspace.timezone = "Asia/Shanghai"

    def of(text: str, **more) -> Guess:
        header, *rows = csv.reader(io.StringIO(text.strip()))
        return guess_mapping(header, rows, workspace, **more)

    return of


CALLS = """
call_id,customer_id,priority,type,date,vru_entry,q_time,outcome,ser_time,server
33116,9664491,2,PS,990101,0:00:31,153,HANG,0,NO_SERVER
33117,0,0,PS,990101,0:34:12,0,AGENT,20,MICHAL
33118,0,0,NW,990101,6:55:20,17,PHANTOM,54,MICHAL
33119,27997683,1,PS,990102,7:41:16,0,AGENT,208,BASCH
"""


def test_a_call_centres_file_is_waits(guess):
    found = guess(CALLS).document
    assert found["kind"] == "waits"
    fields = found["fields"]
    assert fields["occurred_at"] == {
        "columns": ["date", "vru_entry"],
        "format": "%y%m%d %H:%M:%S",
        "timezone": "Asia/Shanghai",
    }
    assert fields["wait_s"] == {"column": "q_time", "unit": "s"}
    assert fields["service_s"] == {"column": "ser_time", "unit": "s"}
    assert fields["touchpoint"] == {"column": "type"}
    assert fields["customer"] == {"column": "customer_id", "missing": ["0"]}
    assert fields["segment"] == {"column": "priority"}
    assert fields["event_id"] == {"column": "call_id"}
    assert fields["outcome"]["map"] == {"HANG": "abandoned", "AGENT": "served", "PHANTOM": None}


def test_what_is_guessed_is_a_mapping_that_can_be_used(guess):
    assert parse(guess(CALLS).document, metrics=BUILT_IN).kind == "waits"


def test_every_column_used_says_why(guess):
    found = guess(CALLS)
    assert "990101" in found.why["date"]
    assert found.why["call_id"] == "A different value in every row."


def test_a_chinese_queue_report(guess):
    found = guess(
        """
客户号,网点,渠道,业务类型,取号时间,排队时间(分钟),结果
1,朝阳支行,柜台,开户,2025年3月1日 10:05,12.5,已办理
2,朝阳支行,柜台,开户,2025年3月2日 10:05,2,弃号
3,海淀支行,柜台,转账,2025年3月2日 11:00,3,作废
"""
    ).document
    fields = found["fields"]
    assert found["kind"] == "waits"
    assert fields["wait_s"] == {"column": "排队时间(分钟)", "unit": "min"}
    assert fields["occurred_at"]["format"] == "%Y年%m月%d日 %H:%M"
    assert fields["touchpoint"] == {"column": "业务类型"}
    assert fields["unit"] == {"column": "网点"}
    assert fields["channel"] == {"column": "渠道"}
    assert fields["customer"] == {"column": "客户号"}
    assert fields["outcome"]["map"] == {"已办理": "served", "弃号": "abandoned", "作废": None}


def test_a_chinese_survey_with_a_column_per_question(guess):
    found = guess(
        """
序号,客户号,网点,提交时间,推荐意愿(NPS),柜台满意度,等待满意度,建议
1,8,A,2025/3/1 10:05,9,非常满意,3,没有
2,9,A,2025/3/1 10:07,10,不满意,5,太慢
""",
        journeys=["open-account"],
    ).document
    assert found["kind"] == "responses"
    assert found["answers"] == [
        {"column": "推荐意愿(NPS)", "metric": "nps", "journey": "open-account"},
        {
            "column": "柜台满意度", "metric": "csat", "touchpoint": "柜台",
            "map": {"非常满意": "5", "不满意": "2"},
        },
        {"column": "等待满意度", "metric": "csat", "touchpoint": "等待"},
    ]  # fmt: skip
    assert "comment" not in found["fields"]


def test_codes_off_the_scale_are_taken_for_no_answer(guess):
    rows = "\n".join(
        f"{i},2025-03-0{1 + i % 9} 10:00,{i % 7},{1 + i % 5},{i % 12}" for i in range(40)
    )
    found = guess("RESPNUM,DATE,csat_signs,csat_food,NETPRO\n" + rows).document
    missing = {a["column"]: a.get("missing") for a in found["answers"]}
    assert missing == {"csat_signs": ["0", "6"], "csat_food": None, "NETPRO": ["11"]}


def test_one_answer_a_row_with_its_touchpoint(guess):
    found = guess(
        """
answered_at,touchpoint,customer,question,score,comment
2025-03-01T10:00:00,counter,a,How satisfied were you?,4,fine
2025-03-01T10:05:00,counter,b,How likely are you to recommend us?,9,
"""
    ).document
    assert "answers" not in found
    assert found["fields"]["score"] == {"column": "score"}
    assert found["fields"]["metric"] == {
        "column": "question",
        "map": {
            "How satisfied were you?": "csat",
            "How likely are you to recommend us?": "nps",
        },
    }


def test_a_single_named_metric_beside_a_touchpoint(guess):
    found = guess("time,队列,NPS\n2025-03-01 10:00,a,9\n2025-03-01 11:00,b,3\n").document
    assert found["fields"]["metric"] == {"value": "nps"}
    assert found["fields"]["score"] == {"column": "NPS"}


def test_satisfaction_with_waiting_is_no_waiting_time(guess):
    found = guess("time,queue,等待满意度\n2025-03-01 10:00,a,4\n2025-03-01 11:00,b,3\n").document
    assert found["kind"] == "responses"


def test_passages(guess):
    found = guess(
        "started_at,activity,case,result\n"
        "2025-03-01 10:00,form,c1,ok\n2025-03-01 11:00,call,c1,ok\n"
    ).document
    assert found["kind"] == "interactions"
    assert found["fields"]["touchpoint"] == {"column": "activity"}
    assert found["fields"]["case_id"] == {"column": "case"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-03-31 14:05:00", None),
        ("2025-03-31T14:05:00Z", None),
        ("31.03.2025 14:05", "%d.%m.%Y %H:%M"),
        ("03/31/2025 02:05 PM", "%m/%d/%Y %I:%M %p"),
        ("2025/3/31 14:05", "%Y/%m/%d %H:%M"),
        ("20250331140500", "%Y%m%d%H%M%S"),
    ],
)
def test_formats_of_times(guess, value, expected):
    found = guess(f"time,queue,wait\n{value},a,4\n{value},b,3\n").document
    assert found["fields"]["occurred_at"].get("format") == expected


def test_day_and_month_in_doubt_are_pointed_out(guess):
    found = guess("time,queue,wait\n03/04/2025 10:00,a,4\n05/06/2025 11:00,b,3\n")
    assert found.document["fields"]["occurred_at"]["format"] == "%d/%m/%Y %H:%M"
    assert "the other way round" in found.why["time"]


def test_the_kind_can_be_told(guess):
    assert guess(CALLS, kind="interactions").document["kind"] == "interactions"


def test_a_table_of_nothing_known_still_gets_an_answer(guess):
    assert guess("a,b\nx,y\nz,w\n").document == {"kind": "interactions", "fields": {}}
