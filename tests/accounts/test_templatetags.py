"""What pages show of a number: words, interval, n, and the three ways of not knowing."""

import json
import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from accounts import wording
from accounts.styleguide import JOURNEY, SampleForm, ranking_figure


def render(source: str, **context: object) -> str:
    return Template("{% load touchline %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (3.42, "3.4 s"),
        (8, "8 s"),
        (59.6, "1 min"),
        (104, "1 min 44 s"),
        (7500, "2 h 5 min"),
        (7200, "2 h"),
        (180000, "2 d 2 h"),
        (172800, "2 d"),
        (float("inf"), "never"),
        (None, "–"),
    ],
)
def test_a_duration_has_at_most_two_units(seconds, text):
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (wording.number(1204), "1,204"),
        (wording.number(-0.2), "0"),
        (wording.number(-3), "−3"),
        (wording.points(0.314), "31"),
        (wording.percent(0.7889), "79%"),
        (wording.percent(0.7889, 1), "78.9%"),
        (wording.signed(39.84), "+39.8"),
        (wording.signed(-12.04), "−12.0"),
        (wording.of_hundred(0.31), "31 of 100 passages hurt"),
        (wording.of_hundred(0.01), "1 of 100 passages hurts"),
        (wording.percent(None), "–"),
        (wording.percent(0), "0%"),
        (wording.percent(0.0002, 1), "<0.1%"),
        (wording.percent(0.9998), ">99%"),
        (wording.percent(1), "100%"),
    ],
)
def test_numbers_in_words(given, text):
    assert given == text


@pytest.mark.parametrize(
    ("severity", "step"), [(None, 1), (0, 1), (0.08, 2), (0.3, 5), (0.49, 7), (0.5, 7), (1, 7)]
)
def test_the_pain_scale_has_seven_steps(severity, step):
    assert wording.pain_step(severity) == step


def test_an_estimate_shows_its_interval_and_n():
    html = render("{% estimate 0.31 0.28 0.34 1204 fmt='points' n_of='answers' %}")
    assert words(html) == "31 (28–34) n 1,204 answers"
    assert 'aria-label="90% interval from 28 to 34"' in html
    assert 'x="28" width="6"' in html


def test_an_estimate_shows_the_promise_as_a_tick():
    html = render("{% estimate 104 98 111 500 fmt='seconds' promise=60 scale_high=200 %}")
    assert "promise 1 min" in html
    assert 'class="estimate-promise" x1="30" x2="30"' in html


def test_too_little_evidence_no_evidence_and_a_value_look_different():
    little = render("{% estimate 0.4 0.12 0.71 9 fmt='points' too_little=True %}")
    none = render("{% estimate None %}")
    assert words(little) == "40 (12–71) too little evidence · n 9"
    assert "too-little" in little and "no-evidence" not in little
    assert words(none) == "no evidence"
    assert "estimate-bar" not in none


def test_coordinates_keep_their_point_in_languages_with_a_comma():
    with translation.override("de"):
        html = render("{% estimate 0.315 0.283 0.347 12 fmt='points' %}")
    assert 'x="28.3"' in html


def test_an_icon_without_a_name_is_decoration_and_with_one_is_an_image():
    assert 'aria-hidden="true"' in render("{% icon 'trash' %}")
    named = render("{% icon 'trash' label='Delete “A & B”' %}")
    assert 'role="img" aria-label="Delete “A &amp; B”"' in named
    assert "aria-hidden" not in named


def test_a_figure_cannot_break_out_of_its_script():
    plot = {"data": [{"name": "</script><script>alert(1)</script>"}]}
    text = render("{% plot_json plot %}", plot=plot)
    assert "<" not in text
    assert json.loads(text) == plot
    assert render("{% plot_json plot %}", plot=json.dumps(plot)) == text


def test_a_figure_has_a_table_downloads_and_its_source():
    html = render("{% include 'components/figure.html' %}", figure=ranking_figure())
    text = words(html)
    assert "Queue at the counter 52 47–57 1,840" in text
    assert "n 5,147 pieces of evidence snapshot 12 formula pain/1" in text
    assert 'href="#csv" download' in html


def test_a_field_names_its_error_and_says_what_may_stay_empty():
    form = SampleForm({"name": "", "email": "a@b.example", "kind": "as-is"})
    html = render("{% include 'components/form.html' with submit='Save' %}", form=form)
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html and 'id="id_name_helptext"' in html
    assert html.count("field-optional") == 2  # notes and channels; a tick box says it itself
    assert html.count("<fieldset") == html.count("</fieldset>") == 1
    assert html.count("<div") == html.count("</div>")


def test_only_a_message_with_an_own_address_can_be_undone():
    undo = Message(constants.SUCCESS, "Gone.", extra_tags="undo:/w/demo/undo/1/")
    foreign = Message(constants.SUCCESS, "Gone.", extra_tags="undo:https://evil.example/")
    protocol = Message(constants.SUCCESS, "Gone.", extra_tags="undo://evil.example/")
    assert render("{{ m|undo_url }}", m=undo) == "/w/demo/undo/1/"
    assert render("{{ m|undo_url }}", m=foreign) == ""
    assert render("{{ m|undo_url }}", m=protocol) == ""


def test_the_filter_bar_keeps_and_removes_filters_in_the_address():
    request = RequestFactory().get(
        "/w/demo/", {"channel": ["branch", "phone"], "since": "2026-01-01", "page": "3"}
    )
    html = render(
        "{% scope_bar filters '2026-01-01' '' %}",
        request=request,
        filters=[
            {
                "name": "channel",
                "label": "Channel",
                "options": [("branch", "Branch"), ("phone", "Phone"), ("app", "App")],
                "selected": ["branch", "phone"],
            }
        ],
    )
    assert html.count(" checked") == 2
    assert 'href="?channel=phone&amp;since=2026-01-01"' in html  # without the branch
    assert 'href="?channel=branch&amp;channel=phone"' in html  # without the period
    assert 'aria-label="Remove Channel: Branch"' in html


def test_the_rail_marks_where_one_is_and_hides_settings_from_members(workspace):
    path = f"/w/{workspace.slug}/journeys/a-journey/"
    source = "{% rail as links %}{% for l in links %}{{ l.label }}:{{ l.current }} {% endfor %}"
    request = RequestFactory().get(path)
    member = render(source, workspace=workspace, request=request, may={"view": True})
    admin = render(source, workspace=workspace, request=request, may={"administer": True})
    assert "Journeys:true" in member and "Portfolio: " in member
    assert "Settings" in admin and "Settings" not in member


def test_the_miniature_marks_the_worst_step():
    html = render("{% mini_map journey %}", journey=JOURNEY)
    assert html.count('class="draw-pain"') == 1
    assert re.search(r'class="draw-label"[^>]*>Wait<', html)
