"""The workspace's first page, the jump palette, and what newcomers see of the demo."""

import re

from django.core.cache import cache

from accounts.models import Membership
from accounts.wording import of_hundred
from reports.landing import demo_figures
from tests.factories import JourneyFactory, WorkspaceFactory


def portfolio(client, workspace) -> str:
    return client.get(f"/w/{workspace.slug}/").content.decode()


def test_a_card_tells_outcome_worst_touchpoint_and_freshness(run, member, client_for) -> None:
    html = portfolio(client_for(member("viewer")), run.workspace)
    worst = run.result["touchpoints"][0]
    assert "Opening an account" in html
    told = re.sub(r'<span class="visually-hidden">.*?</span>|<[^>]*>', "", html)
    assert f"{round(worst['severity'] * 100)} of 100 passages hurt" in told
    assert f"/painpoints/runs/{run.pk}/know/severity/?at=" in html
    assert "n 25" in html  # answers to NPS
    assert "evidence changed since" not in html


def test_changed_evidence_is_flagged(run, member, client_for) -> None:
    run.workspace.raise_evidence_revision()
    assert "evidence changed since" in portfolio(client_for(member("viewer")), run.workspace)


def test_the_worst_pain_points_are_listed(run, member, client_for) -> None:
    point = run.workspace.painpoints.first()
    html = portfolio(client_for(member("viewer")), run.workspace)
    assert "Where it hurts most" in html
    assert f"/painpoints/{point.pk}/" in html


def test_an_empty_workspace_says_what_comes_next(workspace, member, client_for) -> None:
    html = portfolio(client_for(member("admin")), workspace)
    assert "Journeys will be here" in html
    assert "Draw a journey" in html
    assert "Import evidence" in html
    assert "Draw a journey" not in portfolio(client_for(member("viewer")), workspace)


def test_only_the_demo_welcomes(workspace, owner, client_for) -> None:
    demo = WorkspaceFactory(slug="demo", name="Harbour Bank")
    JourneyFactory(workspace=demo, slug="one", name="One journey")
    Membership.objects.create(workspace=demo, user=owner, role="viewer")
    assert "A living demo bank" in portfolio(client_for(owner), demo)
    assert "A living demo bank" not in portfolio(client_for(owner), workspace)


def test_the_portfolio_needs_few_queries(
    run, member, client_for, django_assert_max_num_queries
) -> None:
    client = client_for(member("viewer"))
    for i in range(5):
        JourneyFactory(workspace=run.workspace, slug=f"more-{i}")
    with django_assert_max_num_queries(20):
        portfolio(client, run.workspace)


def test_strangers_get_404(run, stranger, client_for) -> None:
    client = client_for(stranger)
    assert client.get(f"/w/{run.workspace.slug}/").status_code == 404
    assert client.get(f"/w/{run.workspace.slug}/jump.json").status_code == 404


def test_the_palette_goes_to_journeys_figures_touchpoints_and_pain_points(
    run, member, client_for
) -> None:
    entries = client_for(member("viewer")).get(f"/w/{run.workspace.slug}/jump.json").json()
    assert {e["kind"] for e in entries} == {"Journey", "Figure", "Touchpoint", "Pain point"}
    assert all(set(e) == {"label", "url", "kind"} for e in entries)
    assert {"label": "Ranking: Opening an account", "kind": "Figure",
            "url": f"/w/{run.workspace.slug}/journeys/opening/ranking/"} in entries  # fmt: skip


def test_the_landing_page_shows_the_demos_numbers(run) -> None:
    worst = run.result["touchpoints"][0]
    (figure,) = demo_figures(run.workspace.slug)
    assert figure["worst"] == worst["name"]
    assert figure["severity"] == worst["severity"]
    (stage,) = figure["steps"]
    assert stage["designed"] == -2
    app = next(t for t in run.result["touchpoints"] if t["code"] == "app")
    assert stage["measured"] == app["emotion"]["value"]
    assert stage["n"] == 60


def test_the_landing_page_is_there_before_the_demo(db, client) -> None:
    cache.clear()
    assert demo_figures("demo") == []
    assert client.get("/").status_code == 200


def test_words_of_hundred_are_the_ones_on_cards() -> None:
    assert of_hundred(0.31).endswith("of 100 passages hurt")
