"""The living page of all components; its address exists only while debugging."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOUCHPOINTS = [
    ("Queue at the counter", 0.52, 0.47, 0.57, 1840, 1),
    ("Phone: identity check", 0.44, 0.38, 0.51, 612, 2),
    ("Paper application form", 0.41, 0.36, 0.47, 730, 2),
    ("App: first sign-in", 0.23, 0.19, 0.27, 1510, 3),
    ("Welcome letter", 0.08, 0.05, 0.12, 455, 4),
]
STEPS = [
    {"name": "Compare", "designed": 1, "measured": 0.7, "low": 0.5, "high": 0.9, "n": 812},
    {"name": "Apply", "designed": 1, "measured": 0.1, "low": -0.1, "high": 0.3, "n": 730},
    {"name": "Identify", "designed": 0, "measured": -0.6, "low": -0.9, "high": -0.3, "n": 612},
    {"name": "Wait", "designed": 0.5, "measured": -1.3, "low": -1.45, "high": -1.15, "n": 1840},
    {"name": "Sign", "designed": 1, "measured": 0.4, "low": 0.1, "high": 0.7, "n": 401},
    {"name": "First use", "designed": 2, "measured": 1.1, "low": 1, "high": 1.2, "n": 1510},
]
JOURNEY = {
    "name": "Opening an account",
    "worst": "Queue at the counter",
    "severity": 0.52,
    "severity_low": 0.47,
    "severity_high": 0.57,
    "n": 1840,
    "steps": STEPS,
}
TOKENS = [
    *(f"--pain-{i}" for i in range(1, 8)),
    *(f"--emotion-{s}" for s in ("minus-2", "minus-1", "0", "plus-1", "plus-2")),
    *(f"--category-{i}" for i in range(1, 9)),
    "--action",
    "--danger",
    "--warning",
    "--success",
    "--text",
    "--text-soft",
    "--text-faint",
    "--border-control",
]


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As customers would call it.")
    email = forms.EmailField(label="Owner's e-mail")
    kind = forms.ChoiceField(choices=[("as-is", "As it is"), ("to-be", "As it should be")])
    notes = forms.CharField(widget=forms.Textarea, required=False)
    channels = forms.MultipleChoiceField(
        choices=[("branch", "Branch"), ("phone", "Phone"), ("app", "App")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    shared = forms.BooleanField(label="Everyone in the workspace sees it", required=False)


def ranking_figure() -> dict[str, Any]:
    names = [t[0] for t in TOUCHPOINTS][::-1]
    values = [round(t[1] * 100) for t in TOUCHPOINTS][::-1]
    plus = [round((t[3] - t[1]) * 100) for t in TOUCHPOINTS][::-1]
    minus = [round((t[1] - t[2]) * 100) for t in TOUCHPOINTS][::-1]
    return {
        "id": "sample-ranking",
        "heading": "Pain ranking",
        "definition": "Passages that hurt, of 100. The line is the 90% interval.",
        "aria": "Worst: queue at the counter, 52 of 100 passages hurt.",
        "height": 260,
        "plot": {
            "data": [
                {
                    "type": "scatter",
                    "mode": "markers",
                    "x": values,
                    "y": names,
                    "error_x": {
                        "type": "data",
                        "array": plus,
                        "arrayminus": minus,
                        "color": "var(--interval)",
                        "thickness": 2,
                        "width": 0,
                    },
                    "marker": {"color": "var(--pain-5)", "size": 10},
                    "hovertemplate": "%{y}: %{x} of 100<extra></extra>",
                }
            ],
            "layout": {"height": 260, "xaxis": {"range": [0, 100], "title": {"text": "of 100"}}},
        },
        "table": {
            "caption": "Pain ranking",
            "columns": [
                {"label": "Touchpoint"},
                {"label": "Of 100 hurt", "number": True},
                {"label": "90% interval", "number": True},
                {"label": "n", "number": True},
            ],
            "rows": [
                [
                    name,
                    {"text": f"{value * 100:.0f}", "number": True},
                    {"text": f"{low * 100:.0f}–{high * 100:.0f}", "number": True},
                    {"text": f"{n:,}", "number": True},
                ]
                for name, value, low, high, n, _band in TOUCHPOINTS
            ],
        },
        "downloads": [{"label": "HTML", "url": "#html"}, {"label": "CSV", "url": "#csv"}],
        "source": {
            "scope": "Opening an account · 14 months",
            "n": 5147,
            "n_of": "pieces of evidence",
            "snapshot": 12,
            "formula": "pain/1",
        },
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component once, with made-up numbers."""
    if "toast" in request.GET:
        messages.success(request, "The card is deleted.", extra_tags="undo:/styleguide/")
    wrong = {"bad-name": "", "bad-email": "not an address", "bad-kind": "as-is"}
    bad = SampleForm(wrong, prefix="bad")
    bad.is_valid()
    rows = [
        SimpleNamespace(
            name=name,
            value=value,
            low=low,
            high=high,
            n=n,
            band_class=("band-first" if i == 1 else "band-last" if i == 2 else ""),
            in_band=band == 2,
        )
        for i, (name, value, low, high, n, band) in enumerate(TOUCHPOINTS)
    ]
    context = {
        "form": SampleForm(),
        "bad_form": bad,
        "rows": rows,
        "journey": JOURNEY,
        "figure": ranking_figure(),
        "tokens": TOKENS,
        "page": Paginator(range(120), 50).get_page(request.GET.get("page")),
        "job": SimpleNamespace(
            status="running", done=48200, total=120000, unit="rows", message="Reading the file"
        ),
        "since": request.GET.get("since", ""),
        "until": request.GET.get("until", ""),
        "filters": [
            {
                "name": "channel",
                "label": "Channel",
                "options": [("branch", "Branch"), ("phone", "Phone"), ("wechat", "微信 WeChat")],
                "selected": request.GET.getlist("channel"),
            },
            {
                "name": "segment",
                "label": "Segment",
                "options": [("mass", "Mass"), ("affluent", "Affluent")],
                "selected": request.GET.getlist("segment"),
            },
        ],
    }
    return render(request, "styleguide.html", context)
