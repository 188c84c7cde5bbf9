"""Every page of figures links its numbers to “How do we know?” of the run that it shows."""

import re

import pytest


@pytest.mark.parametrize(
    ("path", "figures"),
    [
        ("", {"severity", "nps"}),
        ("ranking/", {"rank", "burden", "severity", "reach", "waited", "nps"}),
        ("waiting/", {"service_level", "abandonment", "wait_p50", "wait_p90"}),
    ],
)
def test_numbers_open_to_how_they_are_known(run, page, path, figures) -> None:
    linked = set(re.findall(rf'href="[^"]*/runs/{run.pk}/know/(\w+)/', page(path)))
    assert figures <= linked


def test_drawings_say_which_run_they_are_of(run, page) -> None:
    for path in ("", "ranking/"):
        assert f'/painpoints/runs/{run.pk}/know/"' in page(path)
