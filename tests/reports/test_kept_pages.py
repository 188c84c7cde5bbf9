"""Kept pages: what they may know, whom they are shown to, and that they never outlive a change."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import kept
from accounts.access import PERMISSIONS, Permission, Role
from accounts.models import Membership
from journeys.models import Card, Lane, Persona, Stage, Step
from painpoints.actions import add_action, change_pain_point
from painpoints.models import Action, Baseline, PainPoint, ScoringRun, ScoringSettings
from painpoints.watched import LIST, LIST_IN_SCOPE, POINT
from reports.watched import JOURNEY, PORTFOLIO
from tests.factories import MembershipFactory, SegmentFactory, TouchpointFactory, UserFactory

# What every page reads of the person who asks: the session, the membership, the bell, the views.
OF_THE_PERSON = {
    "django_session",
    "accounts_membership",
    "accounts_notification",
    "painpoints_savedview",
}
PAGES = {
    "portfolio": ("", PORTFOLIO),
    "portfolio as a table": ("?view=table&against=baseline&state=steady", PORTFOLIO),
    "list": ("painpoints/", LIST),
    "list of one journey": ("painpoints/?journey=opening&stage=Apply&against=baseline", LIST),
    "list in a scope": (
        "painpoints/?channel=branch&since=2025-01-01&until=2026-01-01",
        LIST_IN_SCOPE,
    ),
    "pain point": ("painpoints/{point}/", POINT),
    "map": ("journeys/opening/", JOURNEY),
    "map of a persona": ("journeys/opening/?persona={persona}", JOURNEY),
    "ranking": ("journeys/opening/ranking/", JOURNEY),
}
GOING_ON = "list in a scope"


@pytest.fixture(autouse=True)
def empty_store(monkeypatch) -> None:
    monkeypatch.setattr("accounts.kept.store", kept._Store())
    monkeypatch.setattr("painpoints.scopes.PATIENCE_S", 0.0)
    monkeypatch.setattr("painpoints.at_once.IS_ON", False)


@pytest.fixture
def world(run: ScoringRun, owner) -> ScoringRun:
    """A pain point with an owner, an action and a history; a pinned run; a second segment."""
    point = PainPoint.objects.get(touchpoint__code="counter")
    change_pain_point(painpoint=point, user=owner, changes={"owner": owner, "note": "Seen it"})
    add_action(painpoint=point, user=owner, text="A second desk", owner=owner, due_on=None)
    Baseline.objects.create(journey=run.journey, run=run, pinned_by=owner)
    SegmentFactory(workspace=run.workspace, code="mass", name="Mass")
    return run


def address(name: str, run: ScoringRun) -> str:
    point = PainPoint.objects.get(touchpoint__code="counter").pk
    persona = Persona.objects.get().key
    return f"/w/{run.workspace.slug}/" + PAGES[name][0].format(point=point, persona=persona)


def shown(client, url: str, language: str = "en") -> str:
    """What is said there, but for the token of its forms, which is another each time."""
    answer = client.get(url, headers={"Accept-Language": language})
    said = answer.content.decode()
    assert answer.status_code == 200, said[:1000]
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", said)


def pieces() -> list[tuple[list[bytes], list[str]]]:
    return [(one.pieces, one.holes) for some in kept.store.pages.values() for one in some]


def test_a_page_reads_no_table_that_it_does_not_watch(world, member, client_for) -> None:
    client = client_for(member("manager"))
    shown(client, address("pain point", world))  # what is counted once for each run
    for name, (_path, watched) in PAGES.items():
        kept.store.pages.clear()
        url = address(name, world)
        with CaptureQueriesContext(connection) as asked:
            shown(client, url)
        read = {t for q in asked for t in re.findall(r'(?:FROM|JOIN) "(\w+)"', q["sql"])}
        assert read - OF_THE_PERSON <= watched.tables, name
        if name != GOING_ON:
            assert len(asked) <= 20, (name, [(q["sql"].split("FROM")[-1])[:110] for q in asked])


def test_the_second_look_reads_only_versions(world, member, client_for) -> None:
    first, second = client_for(member("manager")), client_for(member("manager"))
    for name in PAGES:
        shown(first, address(name, world))
    made = pieces()
    assert len(made) == len(PAGES) - 1  # one tells of a job at work, and is not kept
    for name in PAGES:
        url = address(name, world)
        with CaptureQueriesContext(connection) as asked:
            shown(second, url)
        assert len(asked) <= 6 or name == GOING_ON
    assert sorted(pieces()) == sorted(made)


def test_two_of_a_role_would_have_made_the_same_page(world, member, client_for) -> None:
    one, other = client_for(member("manager")), client_for(member("manager"))
    for name in PAGES:
        kept.store.pages.clear()
        shown(one, address(name, world))
        made = pieces()
        kept.store.pages.clear()
        shown(other, address(name, world))
        assert pieces() == made, name


def test_each_role_and_language_has_a_page_of_its_own(world, member, client_for) -> None:
    clients = {role: client_for(member(role)) for role in Role.values}
    for name in PAGES:
        url, fresh = address(name, world), {}
        for only_kept in (False, True, True):
            for role, client in clients.items():
                for language in ("en", "zh-hans"):
                    if not only_kept:
                        kept.store.pages.clear()
                    said = shown(client, url, language)
                    assert f'<html lang="{language}">' in said
                    if name != GOING_ON:
                        assert fresh.setdefault((role, language), said) == said


def test_strangers_and_those_put_out_see_nothing(world, member, stranger, client_for) -> None:
    person = member("manager")
    client, other = client_for(person), client_for(stranger)
    addresses = [address(name, world) for name in PAGES]
    for url in addresses:
        shown(client, url)
    Membership.objects.filter(user=person).delete()
    for url in addresses:
        assert (other.get(url).status_code, client.get(url).status_code) == (404, 404)


def point() -> PainPoint:
    return PainPoint.objects.get(touchpoint__code="counter")


def changed(found, **values) -> None:
    type(found).objects.filter(pk=found.pk).update(**values)


def new_owner() -> None:
    there = point()
    user = UserFactory(name="Somebody New")
    MembershipFactory(workspace=there.workspace, user=user)
    changed(there, owner=user)


def settings_change() -> None:
    ScoringSettings.objects.create(workspace=point().workspace, weight_felt=0.1)


# What somebody does → the pages that tell of it, and what they say then.
CHANGES = {
    "title": (lambda: changed(point(), title="Queues", origin="person"),
              ("portfolio", "list", "pain point"), "Queues"),
    "status": (lambda: changed(point(), status="open"),
               ("portfolio", "list", "pain point"), "Open"),
    "owner": (new_owner, ("portfolio", "list", "pain point"), "Somebody New"),
    "name of the owner": (lambda: changed(point().owner, name="Renamed Person"),
                          ("portfolio", "list", "pain point"), "Renamed Person"),
    "journey": (lambda: changed(point().journey, name="Other name"),
                ("portfolio", "list", "pain point", "map", "ranking"), "Other name"),
    "touchpoint": (lambda: changed(point().touchpoint, name="Other desk"),
                   ("pain point", "map"), "Other desk"),
    "workspace": (lambda: changed(point().workspace, name="Other bank"),
                  tuple(PAGES), "Other bank"),
    "action": (lambda: changed(Action.objects.get(), text="Other action"),
               ("pain point",), "Other action"),
    "stage": (lambda: changed(Stage.objects.get(), name="Other stage"),
              ("pain point", "map"), "Other stage"),
    "step": (lambda: changed(Step.objects.first(), name="Other step"),
             ("pain point", "map"), "Other step"),
    "lane": (lambda: changed(Lane.objects.get(), name="Other lane"), ("map",), "Other lane"),
    "card": (lambda: changed(Card.objects.exclude(text="").get(), text="Other card"),
             ("map",), "Other card"),
    "persona": (lambda: changed(Persona.objects.get(), name="Other persona"),
                ("map", "map of a persona"), "Other persona"),
    "result": (lambda: changed(
        ScoringRun.objects.get(),
        result={**ScoringRun.objects.get().result, "touchpoints": []}), ("ranking",), ""),
    "settings": (settings_change, ("pain point",), "Since this scoring, promises, weights"),
    "evidence": (lambda: point().workspace.raise_evidence_revision(),
                 ("portfolio",), "evidence changed since"),
    "channel": (lambda: changed(point().touchpoint.channel, name="Other channel"),
                ("map",), "Other channel"),
}  # fmt: skip


def test_no_page_outlives_a_change(world, member, client_for) -> None:
    client = client_for(member("manager"))
    for change, (do, pages, words) in CHANGES.items():
        addresses = {name: address(name, world) for name in pages}
        before = {name: shown(client, url) for name, url in addresses.items()}
        do()
        after = {name: shown(client, url) for name, url in addresses.items()}
        kept.store.pages.clear()
        for name, url in addresses.items():
            assert after[name] != before[name], (change, name)
            assert words in after[name], (change, name)
            assert shown(client, url) == after[name], (change, name)


def test_an_age_is_told_in_days_and_a_page_is_another_the_next_day(
    world, member, client_for, monkeypatch
) -> None:
    client, url = client_for(member("manager")), address("list", world)
    assert "today" in shown(client, url)
    changed(point(), created_at=point().created_at - timedelta(days=15))
    assert "for 2\xa0weeks, 1\xa0day" in shown(client, url)
    later = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_args: later)
    assert "for 2\xa0weeks, 2\xa0days" in shown(client, url)


def test_two_changes_within_one_transaction_are_both_seen(world, member, client_for) -> None:
    client, url = client_for(member("manager")), address("map", world)
    for name in ("One", "Two", "Three"):
        changed(Step.objects.first(), name=name)
        assert name in shown(client, url)


def test_what_a_page_does_not_tell_leaves_it_alone(world, member, client_for) -> None:
    client, url = client_for(member("manager")), address("map", world)
    shown(client, url)
    made = pieces()
    add_action(painpoint=point(), user=None, text="Other", owner=None, due_on=None)
    TouchpointFactory()  # of another workspace
    shown(client, url)
    assert pieces() == made


def test_a_persons_values_are_refused_in_a_kept_page() -> None:
    somebody = kept.Nobody("user")
    for deed in (str, bool, lambda it: it.email, lambda it: it == 1, list):
        with pytest.raises(kept.PersonalError):
            deed(somebody)


def test_the_store_lets_go_of_what_was_not_asked_for_longest() -> None:
    store = kept._Store(most=5000)
    may = frozenset(Permission)
    for key in "abc":
        store.put((key,), kept._Page([b"x" * 1000], [], 200), may)
        store.get(("a",), may)
    assert list(store.pages) == [("c",), ("a",)]
    store.put(("a",), kept._Page([b"x"], [], 200), may)
    assert store.size == 3001
    store.put(("d",), kept._Page([b"x" * 9000], [], 200), may)
    assert store.pages == {} and store.size == 0


def test_a_page_is_shared_by_all_to_whom_it_was_answered_alike() -> None:
    store = kept._Store()
    page = kept._Page([b"Edit"], [], 200, {"edit_journeys": True, "score": False})
    store.put(("map",), page, PERMISSIONS[Role.DESIGNER])
    assert store.get(("map",), PERMISSIONS[Role.DESIGNER]) is page
    for role in (Role.ADMIN, Role.VIEWER, Role.MANAGER):
        assert store.get(("map",), PERMISSIONS[role]) is None
    other = kept._Page([b"Look"], [], 200, {"edit_journeys": False})
    store.put(("map",), other, PERMISSIONS[Role.VIEWER])
    assert store.get(("map",), PERMISSIONS[Role.MANAGER]) is other
    assert store.get(("map",), PERMISSIONS[Role.DESIGNER]) is page


def test_a_role_is_not_asked_for_more_than_the_page_shows(world, member, client_for) -> None:
    url = address("map", world)
    for role in Role.values:
        shown(client_for(member(role)), url)
    assert len(pieces()) == 2  # with and without the way to the editor
