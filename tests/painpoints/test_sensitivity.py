"""What if weights and thresholds were other: each move against a run really made that way."""

import pytest

from accounts.access import Role
from painpoints import sensitivity
from painpoints.knowing import number_of
from painpoints.models import ScoringRun, ScoringSettings
from painpoints.sensitivity import Move, summary, threshold_moves, weight_moves
from tests.lake_rows import answer, passage, put, wait
from tests.painpoints.conftest import line, scored


@pytest.fixture
def run(journey, workspace) -> ScoringRun:
    """The counter's queue and the phone's answers hurt nearly alike."""
    put("waits", workspace, [wait("counter", s) for s in (10, 50, 61, 100, 115)] * 12)
    put("waits", workspace, [wait("counter", s, "abandoned") for s in (4, 8, 30)] * 4)
    put("responses", workspace, [answer("phone", "csat", s) for s in (1, 1, 3, 5)] * 15)
    put(
        "interactions", workspace, [passage("app", str(n), d) for n in range(20) for d in (0, 5, 9)]
    )
    return scored(journey)


def moved(moves: list[Move], setting: str) -> dict[str, Move]:
    return {move.change: move for move in moves if move.setting == setting}


def same(move: Move, other: ScoringRun, code: str) -> None:
    expected = line(other, code)
    assert move.score is not None
    assert (move.score.rank, move.score.rank_low, move.score.rank_high) == (
        expected["rank"], expected["rank_low"], expected["rank_high"],
    )  # fmt: skip
    for name in ("severity", "severity_low", "severity_high", "burden", "burden_high"):
        assert getattr(move.score, name) == pytest.approx(expected[name], rel=1e-12), name


def test_a_moved_weight_gives_what_a_run_with_it_gives(run, journey, workspace) -> None:
    found = moved(weight_moves(run, "counter"), "Waited")
    assert set(found) == {"0.6 → 0.3", "0.6 → 0.9"}
    ScoringSettings.objects.create(workspace=workspace, weight_waited=0.3)
    same(found["0.6 → 0.3"], scored(journey), "counter")


def test_a_weight_never_passes_1(run) -> None:
    found = moved(weight_moves(run, "phone"), "Felt")
    assert found["1 → 1"].note and not found["1 → 0.5"].note
    assert found["1 → 1"].score.severity == line(run, "phone")["severity"]


def test_only_families_with_evidence_are_moved(run) -> None:
    assert {m.setting for m in weight_moves(run, "app")} == {"Felt", "Waited", "Came back"}


@pytest.mark.parametrize(("factor", "change"), [(0.5, "1 min → 30 s"), (1.5, "1 min → 1 min 30 s")])
def test_a_moved_promise_is_counted_again(run, journey, workspace, factor, change) -> None:
    found = moved(threshold_moves(run, "counter"), "the promise here")
    assert set(found) == {"1 min → 30 s", "1 min → 1 min 30 s"}
    promise = workspace.touchpoints.get(code="counter").promises.get()
    promise.max_wait_s = 60 * factor
    promise.save()
    same(found[change], scored(journey), "counter")


@pytest.mark.parametrize(("seconds", "change"), [(0, "5 s → 0 s"), (10, "5 s → 10 s")])
def test_short_abandons_moved(run, journey, workspace, seconds, change) -> None:
    found = moved(threshold_moves(run, "phone"), "short abandons")
    ScoringSettings.objects.create(workspace=workspace, short_abandon_s=seconds)
    same(found[change], scored(journey), "phone")


@pytest.mark.parametrize(("days", "change"), [(3, "7 → 3 days"), (14, "7 → 14 days")])
def test_the_time_for_repeats_moved(run, journey, workspace, days, change) -> None:
    found = moved(threshold_moves(run, "app"), "the time for repeats")
    ScoringSettings.objects.create(workspace=workspace, repeat_days=days)
    same(found[change], scored(journey), "app")


def test_painful_answers_moved_by_a_point(run) -> None:
    found = moved(threshold_moves(run, "phone"), "painful answers")
    more, less = found["one point more counts"].score, found["one point less counts"].score
    assert more.families["felt"].x == 45 and less.families["felt"].x == 30
    assert more.severity > line(run, "phone")["severity"] >= less.severity


def test_what_was_counted_again_is_kept(run, monkeypatch) -> None:
    first = threshold_moves(run, "counter")
    monkeypatch.setattr(sensitivity, "measure_one", None)
    assert threshold_moves(run, "counter") == first


def ranked(*ranks: int | None) -> list[Move]:
    class Score:
        def __init__(self, rank: int | None) -> None:
            self.rank = rank

    return [Move("Waited", f"0.6 → {i}", Score(rank)) for i, rank in enumerate(ranks)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rank", "ranks", "said"),
    [
        (1, (1, 1), "It stays first whatever weight is moved by half."),
        (4, (4, 4), "It stays at place 4 whatever weight is moved by half."),
        (1, (1, 3, 2), "It drops to place 3 with Waited (0.6 → 1)."),
        (3, (1, 3), "It rises to place 1 with Waited (0.6 → 0)."),
        (2, (2, None), "It would have no rank with Waited (0.6 → 1)."),
        (None, (1,), "It has no rank, so nothing can move it: there is too little evidence."),
        (1, (), "There is nothing to move: no setting has a say in its rank."),
    ],
)
def test_one_sentence_says_it_first(rank, ranks, said) -> None:
    assert summary(rank, ranked(*ranks)) == said


def test_the_page_counts_thresholds_when_they_are_opened(run, member, client_for) -> None:
    client = client_for(member(Role.VIEWER))
    number = number_of(run, "severity", "counter")
    text = client.get(number.address()).content.decode()
    assert "What if the weights were other?" in text and "0.6 → 0.3" in text
    assert "the promise here" not in text
    part = client.get(number.address("know_thresholds"), headers={"HX-Request": "true"})
    assert "the promise here" in part.content.decode() and b"<html" not in part.content
    asked = number_of(run, "csat", "phone").address("know_thresholds")
    assert client.get(asked).status_code == 404


def test_a_touchpoint_without_evidence_has_nothing_to_move(journey, workspace, member, client_for):
    put("waits", workspace, [wait("counter", 70)] * 40)
    run = scored(journey)
    client = client_for(member(Role.VIEWER))
    for view in ("know", "know_thresholds"):
        text = client.get(number_of(run, "severity", "app").address(view)).content.decode()
        assert "It has no rank, so nothing can move it" in text
