"""Usual exports are known by their columns, and come in as they are.

Each file is small and made up, in the shape of the real export: its columns, its lines of names,
its words.
"""

import csv
import io

import pytest

from evidence import drafts
from evidence.actions import start_import
from evidence.drafts import create_draft
from evidence.sampling import preview_of
from jobs.actions import run_job
from tests.evidence.bringing import account, reasons, rows

pytestmark = pytest.mark.django_db


def table(*lines):
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


QUALTRICS = table(
    ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished",
     "RecordedDate", "ResponseId", "ExternalReference", "DistributionChannel", "UserLanguage",
     "Q1", "Q2", "Q2_TEXT", "Q3"),
    ("Start Date", "End Date", "Response Type", "IP Address", "Progress", "Duration (in seconds)",
     "Finished", "Recorded Date", "Response ID", "External Data Reference", "Distribution Channel",
     "User Language", "How likely are you to recommend us?\nPlease choose.",
     "How satisfied were you with the counter?", "Why?", "Age"),
    tuple(
        f'{{"ImportId":"{each}"' + (',"timeZone":"Asia/Shanghai"}' if "Date" in each else "}")
        for each in ("startDate", "endDate", "status", "ipAddress", "progress", "duration",
                     "finished", "recordedDate", "_recordId", "externalDataReference",
                     "distributionChannel", "userLanguage", "QID1", "QID2", "QID2_TEXT", "QID3")
    ),
    *(
        ("2025-03-03 10:00:00", f"2025-03-03 10:{i:02}:00", status, "1.2.3.4", "100", "70", "True",
         f"2025-03-03 10:{i:02}:05", f"R_{i}", f"C{i}", "email", "EN", str(nps), str(sat),
         f"It took {i} visits until it was done", str(40 + i))
        for i, (status, nps, sat) in enumerate(
            [("IP Address", 9, 4), ("IP Address", 3, 2), ("Survey Preview", 10, 5),
             ("IP Address", 10, 5), ("IP Address", "", 1)]
        )
    ),
)  # fmt: skip

SURVEYMONKEY = table(
    ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address",
     "First Name", "Last Name", "Custom Data 1", "How satisfied are you with:", "", "",
     "How likely is it that you would recommend us?", "Anything else?"),
    ("", "", "", "", "", "", "", "", "", "The counter", "The app", "Other (please specify)",
     "Response", "Open-Ended Response"),
    *(
        (f"1180522190{i:02}", "446111201", "03/04/2025 10:02:11 AM", f"03/04/2025 10:1{i}:21 PM",
         "1.2.3.4", "", "", "", f"C{i}", counter, app, "", str(nps),
         f"Nobody told me which papers to bring, {i} times")
        for i, (counter, app, nps) in enumerate(
            [("Very satisfied", "Satisfied", 9), ("Dissatisfied", "N/A", 2),
             ("Neither satisfied nor dissatisfied", "Very dissatisfied", 6)]
        )
    ),
)  # fmt: skip

LIMESURVEY = table(
    ("id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp",
     "G01Q01[counter]", "G01Q01[app]", "recommend", "why"),
    ("1", "2025-03-03 10:05:00", "4", "zh-Hans", "77", "t1", "2025-03-03 10:00:00",
     "2025-03-03 10:05:00", "A5", "A2", "8", "The counter was quick and the people kind"),
    ("2", "", "2", "zh-Hans", "78", "t2", "2025-03-03 11:00:00", "2025-03-03 11:05:00", "A1", "",
     "", ""),
    ("3", "2025-03-04 10:05:00", "4", "de", "79", "t3", "2025-03-04 10:00:00",
     "2025-03-04 10:05:00", "A4", "A3", "10", "I had to upload my papers three times"),
)  # fmt: skip

FORMBRICKS = table(
    ("No.", "Response ID", "Timestamp", "Finished", "Survey ID", "Formbricks ID (internal)",
     "User ID", "Tags", "source", "url", "userAgent - browser", "userAgent - os",
     "userAgent - device", "1. How easy was it to open the account?", "2. Rate the branch",
     "2. Rate the branch - Option ID", "3. What should we do better?"),
    *(
        (str(i + 1), f"cm{i}", f"2025-03-03 1{i}:00:00", "Yes", "sv1", f"ct{i}", "", "", "app",
         "https://bank.example/", "Chrome", "Android", "mobile", str(ease), str(stars), "x",
         f"Fewer forms please, there were {i} of them")
        for i, (ease, stars) in enumerate([(2, 4), (7, 5), (5, 1), (6, 3)])
    ),
)  # fmt: skip

ZENDESK = table(
    ("Summation column", "Id", "Requester", "Requester id", "Requester external id",
     "Requester email", "Requester domain", "Submitter", "Assignee", "Group", "Subject", "Tags",
     "Status", "Priority", "Via", "Ticket type", "Created at", "Updated at", "Assigned at",
     "Organization", "Due at", "Initially assigned at", "Solved at", "Resolution time",
     "Satisfaction Score", "First reply time in minutes"),
    *(
        ("1", f"30{i}", "Mei", f"36{i}", "", "", "", "Mei", "Jo", group, "Card", "card", "Closed",
         "Normal", via, "Question", f"2025-03-03 10:0{i}", f"2025-03-04 10:0{i}",
         "", "", "", "", f"2025-03-04 09:0{i}", "23", score, reply)
        for i, (group, via, score, reply) in enumerate(
            [("Cards", "Mail", "Good", "12"), ("Cards", "Web form", "Bad", "340"),
             ("Loans", "Chat", "Offered", "3"), ("Loans", "Chat", "Not Offered", "")]
        )
    ),
)  # fmt: skip

GENESYS = table(
    ("Full Export Completed", "Partial Result Timestamp", "Filters", "Users", "Remote", "Date",
     "Duration", "Direction", "ANI", "DNIS", "Queue", "Wrap-up", "Media Type", "Abandoned",
     "Total Queue", "Total Handle", "Users - Interacted", "Conversation ID"),
    *(
        ("YES", "", "", agent, "", f"3/{4 + i}/25 9:05 AM", "00:04:30.120", direction,
         f"tel:+86{i}", "", queue, "", "voice", gone, waited, handled, agent, f"conv-{i}")
        for i, (queue, direction, gone, waited, handled, agent) in enumerate(
            [("Cards", "Inbound", "NO", "00:01:02.400", "00:03:00.000", "Jo"),
             ("Cards", "Inbound", "YES", "00:10:00.000", "", ""),
             ("", "Outbound", "NO", "", "00:02:00.000", "Jo"),
             ("Loans", "Inbound", "NO", "00:00:00.000", "00:05:00.000", "Li")]
        )
    ),
)  # fmt: skip

TICKETS = table(
    ("排队号", "网点", "业务类型", "客户等级", "取号时间", "叫号时间", "办结时间", "柜员"),
    ("A001", "城东支行", "个人开户", "贵宾", "2025/3/3 9:01:10", "2025/3/3 9:08:02",
     "2025/3/3 9:20:00", "017"),
    ("A002", "城东支行", "转账", "普通", "2025/3/3 9:02:00", "2025/3/3 9:02:30",
     "2025/3/3 9:05:30", "011"),
    ("A003", "城东支行", "转账", "普通", "2025/3/3 9:03:00", "", "", ""),
)  # fmt: skip


@pytest.fixture
def come_in(workspace, member, tmp_path):
    """What becomes of a file whose first proposal is taken as it is."""
    workspace.timezone = "Asia/Shanghai"
    workspace.save()
    user = member("analyst")

    def of(text, name):
        path = tmp_path / "export.csv"
        path.write_text(text, encoding="utf-8")
        found = create_draft(workspace=workspace, user=user, path=path, name="export.csv")
        fitting = drafts.presets_for(preview_of(found))
        assert name in [preset.code for preset in fitting], fitting
        if fitting[0].code != name:
            preset = next(p for p in fitting if p.code == name)
            found.mapping = drafts.proposed(found, preview_of(found), preset).document
        job = start_import(found=found, document=found.mapping, user=user, send=False)
        run_job(job_id=str(job.pk))
        found.refresh_from_db()
        assert found.state == "done", found.error
        return found

    return of


def test_qualtrics_has_three_lines_of_names(come_in):
    found = come_in(QUALTRICS, "qualtrics")
    # Four answers of people × two questions; the preview is ignored, one gave no NPS.
    assert account(found) == (7, 2, 1, 0, 0)
    kept = rows(found, "metric", "score", "touchpoint", "row_no", "comment")
    assert kept[0][:4] == ("nps", 9, "q1", 4)
    assert [row[1] for row in kept if row[0] == "csat"] == [4, 2, 5, 1]
    assert kept[1][4] == "It took 0 visits until it was done"
    # 10:00:05 in the time zone that the file itself tells
    assert rows(found, "occurred_at")[0][0].isoformat() == "2025-03-03T02:00:05"


def test_surveymonkey_has_two_lines_of_names(come_in):
    found = come_in(SURVEYMONKEY, "surveymonkey")
    assert account(found) == (8, 0, 1, 0, 0)  # three people, three questions, one N/A
    kept = rows(found, "touchpoint", "score")
    assert [score for code, score in kept if "counter" in code] == [5, 2, 3]
    assert [score for code, score in kept if "app" in code] == [4, 1]
    assert {metric for (metric,) in rows(found, "metric")} == {"csat", "nps"}
    assert rows(found, "row_no")[0] == (3,)
    # 10:10 at night on the fourth of March: the month stands first.
    assert rows(found, "occurred_at")[0][0].isoformat() == "2025-03-04T14:10:21"


def test_limesurvey_leaves_out_what_was_not_sent_off(come_in):
    found = come_in(LIMESURVEY, "limesurvey")
    assert account(found) == (6, 3, 0, 0, 0)
    scores = {(code, int(score)) for code, score in rows(found, "touchpoint", "score")}
    assert {("g01q01-counter", 5), ("g01q01-counter", 4), ("g01q01-app", 2)} <= scores


def test_formbricks(come_in):
    found = come_in(FORMBRICKS, "formbricks")
    assert account(found) == (8, 0, 0, 0, 0)
    assert {metric for (metric,) in rows(found, "metric")} == {"ces", "csat"}
    assert all(comment for comment, metric in rows(found, "comment", "metric") if metric == "csat")
    assert {channel for (channel,) in rows(found, "channel")} == {"app"}


def test_zendesk_ratings_are_satisfaction(come_in):
    found = come_in(ZENDESK, "zendesk")
    assert account(found) == (2, 2, 0, 0, 0)  # offered is not answered
    kept = rows(found, "touchpoint", "metric", "score", "channel", "event_id")
    assert kept == [("Cards", "csat", 5, "Mail", "300"), ("Cards", "csat", 1, "Web form", "301")]


def test_zendesk_replies_are_waits(come_in):
    found = come_in(ZENDESK, "zendesk-waits")
    assert account(found) == (3, 1, 0, 0, 0)
    assert rows(found, "wait_ms")[1] == (340 * 60_000,)


def test_genesys_tells_durations_on_the_clock(come_in):
    found = come_in(GENESYS, "genesys")
    assert account(found) == (3, 1, 0, 0, 0)
    kept = rows(found, "touchpoint", "wait_ms", "service_ms", "outcome")
    assert kept == [("Cards", 62_400, 180_000, "served"), ("Cards", 600_000, None, "abandoned"),
                    ("Loans", 0, 300_000, "served")]  # fmt: skip


def test_a_ticket_machine_tells_moments(come_in):
    found = come_in(TICKETS, "tickets")
    assert account(found) == (2, 0, 0, 0, 1)
    kept = rows(found, "touchpoint", "wait_ms", "service_ms", "unit", "segment")
    assert kept == [("个人开户", 412_000, 718_000, "城东支行", "贵宾"),
                    ("转账", 30_000, 180_000, "城东支行", "普通")]  # fmt: skip
    assert reasons(found) == {"one of the two times is missing or cannot be read": 1}


def test_other_files_are_no_export(workspace, member, tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("ticket,arrived,queue,wait_s\nT1,2025-03-03 09:00,desk,30\n")
    found = create_draft(workspace=workspace, user=member("analyst"), path=path, name="plain.csv")
    assert drafts.presets_for(preview_of(found)) == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["responses", "waits", "interactions"])
def test_templates_come_in_as_they_are(workspace, member, client_for, tmp_path, kind, form):
    user = member("analyst")
    address = f"/w/{workspace.slug}/evidence/examples/{kind}.{form}"
    path = tmp_path / f"template.{form}"
    path.write_bytes(client_for(user).get(address).content)
    found = create_draft(workspace=workspace, user=user, path=path, name=path.name)
    fields = {given.get("column") for given in found.mapping["fields"].values()}
    assert fields == set(preview_of(found).header)
    job = start_import(found=found, document=found.mapping, user=user, send=False)
    run_job(job_id=str(job.pk))
    found.refresh_from_db()
    assert (found.kind, account(found)) == (kind, (3, 0, 0, 0, 0))
