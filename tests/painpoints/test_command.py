"""`manage.py score`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from jobs.models import Job, Status
from painpoints.models import ScoringRun
from tests.factories import SegmentFactory
from tests.lake_rows import put, wait


def run(*arguments: str, workspace) -> str:
    out = StringIO()
    call_command("score", *arguments, "--workspace", workspace.slug, stdout=out)
    return out.getvalue()


def test_it_scores_under_a_job_and_prints_json(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", s, segment="gold") for s in (1, 99)])
    found = json.loads(run("opening", "--json", workspace=workspace))
    counter = found["touchpoints"][0]
    assert (counter["code"], counter["families"]["waited"]["x"]) == ("counter", 1)
    assert found["scope"] == {
        "since": None, "until": None, "channels": [], "segments": [], "units": []
    }  # fmt: skip
    assert Job.objects.get().status == Status.DONE
    assert found["run"] == ScoringRun.objects.get().pk


def test_it_prints_a_table_for_people(journey, workspace) -> None:
    put("waits", workspace, [wait("counter", s) for s in (1, 99)] * 20)
    text = run("opening", workspace=workspace)
    assert "Counter" in text and "20 / 40" in text
    assert "no evidence" in text  # the app's


def test_options_narrow_the_scope(journey, workspace) -> None:
    SegmentFactory(workspace=workspace, code="gold")
    put("waits", workspace, [wait("counter", 99, segment=s) for s in ("gold", "mass", None)])
    # “mass” is not in the library, but the evidence names it.
    both = run("opening", "--segment=gold", "--segment=mass", "--json", workspace=workspace)
    assert json.loads(both)["touchpoints"][0]["waits"]["offered"] == 2
    later = run("opening", "--since=2025-03-04", "--json", workspace=workspace)
    assert json.loads(later)["touchpoints"][0]["waits"] is None


def test_the_second_time_is_free(journey, workspace) -> None:
    first = run("opening", "--json", workspace=workspace)
    assert run("opening", "--json", workspace=workspace) == first
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["openin"], "There is no journey “openin”. Did you mean “opening”?"),
        (["opening", "--segment=glod"], "There is no segment “glod”. Did you mean “gold”?"),
        (["opening", "--channel=fax"], "There is no channel “fax”; there is: none yet."),
        (["opening", "--since=yesterday"], "“since” must be a day such as 2025-03-31"),
        (["opening", "--since=2025-02-30"], "“since” must be a day such as 2025-03-31"),
        (["opening", "--since=2025-02-02", "--until=2025-02-02"], "must begin before it ends"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(
    journey, workspace, arguments, sentence
) -> None:
    SegmentFactory(workspace=workspace, code="gold")
    with pytest.raises(CommandError, match=sentence.replace("?", r"\?")) as refusal:
        run(*arguments, workspace=workspace)
    assert refusal.value.returncode == 1
    assert not ScoringRun.objects.exists()


def test_an_unknown_workspace_is_refused(workspace) -> None:
    with pytest.raises(CommandError, match="There is no workspace"):
        call_command("score", "opening", "--workspace", "no-such")
