"""Touchline speaks Simplified Chinese as well as English, wholly.

How to add or change a string: docs/translation.md.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib import import_module

import pytest
from django import forms
from django.core.management import call_command
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, number_format

from accounts.access import Role
from jobs.actions import JobError, create_job, register, run_job
from journeys.models import Journey
from painpoints.forms import ChangeForm
from painpoints.models import PainPoint
from painpoints.titles import found_title
from tests.catalogue import FOLDERS, Entry, Key, key_in_mo, read_mo, read_po, used
from tests.factories import JourneyFactory, TouchpointFactory
from touchpoints.models import Touchpoint

HOW = "See docs/translation.md."
# %(name)s, %d and {name}, but not the “90% i” of “90% intervals”.
PLACEHOLDER = re.compile(r"%\(\w+\)[\d.]*[a-z]|%[\d.]*[sdf]|%%|\{\w*\}|<br>")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The same in both languages.
SAME = {
    "API", "CSV", "JSON Lines", "Parquet", "{done} {unit}", "{done} / {total} {unit}", "+ %(name)s",
    "Excel (XLSX)", "PowerPoint", "Ulwick, 0–20", "Webhooks",
}  # fmt: skip
MOST_BYTES = 300_000


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A request leaves its language with the thread; the next request would set its own."""
    yield
    translation.deactivate()


@pytest.fixture(scope="module")
def catalogues() -> dict[str, list[Entry]]:
    return {
        home: [entry for entry in read_po(folder / "django.po") if entry.key.id]
        for home, folder in FOLDERS.items()
    }


@pytest.fixture(scope="module")
def entries(catalogues) -> list[Entry]:
    return [entry for found in catalogues.values() for entry in found]


@pytest.fixture(scope="module")
def strings() -> list[Key]:
    return used()


def test_every_string_of_the_sources_is_in_the_catalogue(catalogues, strings) -> None:
    assert len(strings) > 1000, "the sources were not read"
    known = {home: {entry.key for entry in found} for home, found in catalogues.items()}
    missing = sorted({f"{s.place}: {s.id!r}" for s in strings if s not in known[s.home]})
    assert not missing, f"Not translated. {HOW}\n" + "\n".join(missing)


@pytest.mark.parametrize("home", FOLDERS)
def test_a_catalogue_has_nothing_its_sources_lack(catalogues, strings, home) -> None:
    stale = {e.key for e in catalogues[home]} - {s for s in strings if s.home == home}
    assert not stale, f"No longer used. {HOW}\n" + "\n".join(sorted(s.id for s in stale))


def test_one_string_has_one_translation(entries) -> None:
    """Which of several catalogues speaks is nothing to rely on."""
    told: dict[Key, set[str]] = {}
    for entry in entries:
        told.setdefault(entry.key, set()).add("\0".join(entry.texts))
    assert not {key.id: texts for key, texts in told.items() if len(texts) > 1}


def test_plurals_are_told_as_plurals(entries, strings) -> None:
    plurals = {entry.key: entry.key.plural for entry in entries}
    differing = [s for s in strings if s.plural and plurals.get(s) != s.plural]
    assert not differing


def test_every_entry_is_translated_and_sure(entries) -> None:
    assert not [e.key.id for e in entries if e.is_fuzzy], HOW
    assert not [e.key.id for e in entries if not all(text.strip() for text in e.texts)], HOW
    assert all(len(e.texts) == 1 for e in entries), "Chinese has one plural form"


def test_translations_are_chinese(entries) -> None:
    words = [e for e in entries if re.search("[a-z]{3}", PLACEHOLDER.sub("", e.key.id))]
    english = [e.key.id for e in words if not CHINESE.search(e.texts[0])]
    assert set(english) <= SAME


def test_placeholders_agree(entries) -> None:
    """Of a plural the second form counts: it is the one with a number in it."""
    wrong = [
        e.key.id
        for e in entries
        if Counter(PLACEHOLDER.findall(e.texts[0]))
        != Counter(PLACEHOLDER.findall(e.key.plural or e.key.id))
    ]
    assert not wrong


def test_unnamed_placeholders_keep_their_order(entries) -> None:
    for e in entries:
        unnamed = re.findall(r"%[\d.]*[sdf]", e.key.plural or e.key.id)
        assert re.findall(r"%[\d.]*[sdf]", e.texts[0]) == unnamed


def test_spaces_and_line_ends_at_the_edges_agree(entries) -> None:
    for e in entries:
        for edge in (0, -1):
            assert e.key.id[edge].isspace() == e.texts[0][edge].isspace(), e.key.id


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_the_compiled_file_says_what_the_source_says(folder) -> None:
    """Where Touchline runs there is no msgfmt, so the compiled file is committed."""
    source = {key_in_mo(e.key): "\0".join(e.texts) for e in read_po(folder / "django.po")}
    assert read_mo(folder / "django.mo") == source, HOW


@pytest.mark.parametrize("folder", FOLDERS.values(), ids=FOLDERS)
def test_the_files_stay_small(folder) -> None:
    for name in ("django.po", "django.mo"):
        assert (folder / name).stat().st_size < MOST_BYTES


def test_every_field_of_a_form_has_a_chinese_label() -> None:
    apps = ("accounts", "evidence", "touchpoints", "journeys", "painpoints")
    for app in apps:
        import_module(f"{app}.forms")
    seen, plain = 0, []
    with translation.override("zh-hans"):
        for form in _below(forms.BaseForm):
            if form.__module__ not in [f"{app}.forms" for app in apps]:
                continue
            for name, field in getattr(form, "base_fields", {}).items():
                seen += 1
                if not field.widget.is_hidden and str(field.label or name).isascii():
                    plain.append(f"{form.__name__}.{name}")
    assert seen > 50
    assert not plain


def _below(cls: type) -> list[type]:
    return [form for child in cls.__subclasses__() for form in (child, *_below(child))]


# ---- what a reader sees ----


@pytest.mark.django_db
def test_the_browsers_language_is_spoken_until_one_is_chosen() -> None:
    client = Client(headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    page = client.get("/accounts/login/").content.decode()
    assert '<html lang="zh-hans">' in page
    assert "<h1>登录</h1>" in page

    answer = client.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert int(answer.cookies["django_language"]["max-age"]) >= 30 * 24 * 3600
    assert "<h1>Sign in</h1>" in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
def test_the_switch_stands_before_and_after_signing_in(workspace, client_for, owner) -> None:
    for client, path in ((Client(), "/accounts/login/"), (client_for(owner), _home(workspace))):
        page = client.get(path).content.decode()
        assert 'action="/i18n/setlang/"' in page
        assert f'name="next" value="{path}"' in page
        assert re.search(r'value="en"[^>]*aria-pressed="true"', page)


def _home(workspace) -> str:
    return f"/w/{workspace.slug}/"


@pytest.mark.django_db
def test_the_switch_leads_nowhere_else() -> None:
    answer = Client().post("/i18n/setlang/", {"language": "zh-hans", "next": "https://evil.test/"})
    assert answer["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "哪里最痛"),
        ("journeys/", "旅程会显示在这里"),
        ("touchpoints/", "触点会显示在这里"),
        ("painpoints/", "尚无痛点"),
        ("evidence/", "证据会列在这里"),
        ("evidence/new/", "把文件拖到这里"),
        ("settings/", "API 令牌"),
    ],
)
def test_pages_are_chinese(workspace, client_for, member, path, words) -> None:
    client = client_for(member(Role.ADMIN))
    client.cookies["django_language"] = "zh-hans"
    if not path:
        JourneyFactory(workspace=workspace)
    page = client.get(_home(workspace) + path)
    assert page.status_code == 200
    assert words in page.content.decode()


def test_numbers_and_days_are_written_as_in_china() -> None:
    with translation.override("zh-hans"):
        assert number_format(1234567.5, 1, force_grouping=True) == "1,234,567.5"
        assert date_format(date(2026, 11, 3), "DATE_FORMAT") == "2026年11月3日"


@pytest.mark.django_db
def test_a_job_speaks_the_language_of_whoever_asked(workspace) -> None:
    @register("translated")
    def work(running) -> None:
        raise JobError(translation.gettext("The identifier is empty."))

    with translation.override("zh-hans"):
        asked = create_job(workspace=workspace, kind="translated", arguments={}, send=False)
    plain = create_job(workspace=workspace, kind="translated", arguments={}, send=False)
    assert run_job(job_id=str(asked.pk)).error == "标识为空。"
    assert run_job(job_id=str(plain.pk)).error == "The identifier is empty."


@pytest.mark.django_db
def test_what_scoring_found_is_named_in_the_readers_language(workspace) -> None:
    touchpoint: Touchpoint = TouchpointFactory(workspace=workspace, name="Counter")  # type: ignore[assignment]
    journey: Journey = JourneyFactory(workspace=workspace)  # type: ignore[assignment]
    with translation.override("zh-hans"):
        title = found_title(touchpoint, "waiting")
    point = PainPoint.objects.create(
        workspace=workspace, journey=journey, touchpoint=touchpoint,
        origin="scoring", title=title, cause="waiting",
    )  # fmt: skip
    assert title == "Counter — waiting"
    assert str(point) == "Counter — waiting"
    with translation.override("zh-hans"):
        assert str(point) == "Counter — 等待时间过长"
        answers = {"status": "open", "title": str(point), "note": "", "type": "", "cause": ""}
        form = ChangeForm(answers, instance=point, workspace=workspace)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["title"] == title, "shown in Chinese, kept as it is stored"
    point.title = "My own words"
    with translation.override("zh-hans"):
        assert str(point) == "My own words"


@pytest.mark.django_db
def test_the_command_line_stays_english(workspace, capsys, monkeypatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    call_command("export_map", JourneyFactory(workspace=workspace).slug, workspace=workspace.slug)
    assert not CHINESE.search(capsys.readouterr().out)
