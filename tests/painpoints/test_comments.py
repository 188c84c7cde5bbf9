"""What customers wrote: only where five answered, words only for those who may read rows."""

import pytest
from django.urls import reverse

from accounts.access import Role
from painpoints.models import PainPoint
from tests.lake_rows import answer, put
from tests.painpoints.conftest import scored


def said(text: str, score: int = 1, customer: str | None = None) -> dict:
    return {**answer("counter", "csat", score), "comment": text}


@pytest.fixture
def point(journey, workspace) -> PainPoint:
    return PainPoint.objects.create(
        workspace=workspace, journey=journey, touchpoint=workspace.touchpoints.get(code="counter"),
        origin="person", title="The queue",
    )  # fmt: skip


@pytest.fixture
def analyst(member, client_for):
    return client_for(member(Role.ANALYST))


def read(workspace, point, client, **query):
    url = reverse("painpoints:comments", args=[workspace.slug, point.pk])
    return client.get(url, query, headers={"HX-Request": "true"})


WRITTEN = [
    said("I waited far too long in the QUEUE."),
    said("等太久了,没有人解释原因。"),
    said("The form was rejected again <b>twice</b>"),
    said("Nothing to add"),
    said("No wait at all, thank you", 5),
]


@pytest.fixture
def written(workspace, journey) -> None:
    put("responses", workspace, [*WRITTEN, answer("counter", "csat", 5)])
    scored(journey)


def test_themes_languages_and_quotes(workspace, point, written, analyst) -> None:
    page = read(workspace, point, analyst)
    heard = page.context["heard"]
    assert (heard.answered, heard.comments, heard.asked, heard.none) == (6, 4, 4, 1)
    assert heard.themes == {"waiting": 2, "procedures": 1}
    assert heard.scripts == {"latin": 3, "han": 1}
    text = page.content.decode()
    assert "far too long" in text and "thank you" not in text
    assert "<b>twice" not in text and "&lt;b&gt;twice" in text


def test_search_language_theme_and_all_answers(workspace, point, written, analyst) -> None:
    def quotes(**query) -> list[str]:
        return [q.comment for q, *_ in read(workspace, point, analyst, **query).context["quotes"]]

    assert quotes(q="queue") == ["I waited far too long in the QUEUE."]
    assert quotes(q="%") == []
    assert quotes(script="han") == ["等太久了,没有人解释原因。"]
    assert quotes(theme="procedures") == ["The form was rejected again <b>twice</b>"]
    assert len(quotes(all="1")) == 5
    assert len(quotes(script="klingon", theme="x", **{"from": "-1"})) == 4


def test_viewers_see_themes_but_no_words_and_cannot_search(
    workspace, point, written, member, client_for
) -> None:
    page = read(workspace, point, client_for(member(Role.MANAGER)), q="queue")
    assert page.context["heard"].asked == 4
    text = page.content.decode()
    assert "Waiting" in text and "far too long" not in text and 'name="q"' not in text


def test_below_five_nothing_is_told(workspace, point, journey, analyst) -> None:
    put("responses", workspace, WRITTEN[:4])
    scored(journey)
    page = read(workspace, point, analyst)
    heard = page.context["heard"]
    assert (heard.answered, heard.comments, heard.themes, heard.quotes) == (4, 0, {}, ())
    assert "4 customers answered here" in page.content.decode()


def test_without_scripts_it_is_a_page_and_strangers_get_none(
    workspace, point, written, analyst, stranger, client_for
) -> None:
    url = reverse("painpoints:comments", args=[workspace.slug, point.pk])
    assert "<h1>" in analyst.get(url).content.decode()
    assert client_for(stranger).get(url).status_code == 404


def test_a_point_without_a_run_says_so(workspace, point, analyst) -> None:
    assert "Nobody answered" in read(workspace, point, analyst).content.decode()
