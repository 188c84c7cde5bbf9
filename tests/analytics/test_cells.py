import numpy as np
import pytest
from scipy import integrate, stats

from analytics.cells import Cell, cells
from analytics.ranking import TouchpointCounts, score
from analytics.severity import DEFAULT_WEIGHTS


def counted(code, **families):
    return TouchpointCounts(code, families, 1.0, "volume")


def by_value(found: list[Cell], code: str = "a") -> dict[str, Cell]:
    return {cell.value: cell for cell in found if cell.code == code}


def test_a_cell_is_the_touchpoint_scored_for_its_value_alone():
    columns = {
        "new": [counted("a", felt=(30, 100), waited=(40, 90)), counted("b", felt=(9, 60)),
                counted("c", felt=(3, 50))],
        "old": [counted("a", felt=(20, 300)), counted("b", felt=(2, 70)), counted("c")],
    }  # fmt: skip
    found = cells(columns)
    for value, column in columns.items():
        for line in score(column).touchpoints:
            cell = by_value(found, line.code).get(value)
            expected = (line.severity, line.severity_low, line.severity_high)
            if line.severity is None:
                assert cell is None
            else:
                assert (cell.severity, cell.severity_low, cell.severity_high) == expected


def test_one_signal_is_compared_as_two_exact_betas_are():
    found = by_value(cells({
        "new": [counted("a", felt=(38, 200))], "old": [counted("a", felt=(90, 700))],
        "vip": [counted("a", felt=(4, 40))],
    }, draws=200_000))  # fmt: skip
    own, rest = stats.beta(38.5, 162.5), stats.beta(94.5, 646.5)
    more, _error = integrate.quad(lambda r: own.pdf(r) * rest.cdf(r), 0, 1, points=[0.13, 0.19])
    assert found["new"].p == pytest.approx(2 * (1 - more), abs=0.002)
    assert found["new"].difference == pytest.approx(own.mean() - rest.mean(), abs=3e-4)
    spread = np.sqrt(own.var() + rest.var())
    width = found["new"].difference_high - found["new"].difference_low
    assert width == pytest.approx(2 * stats.norm.ppf(0.95) * spread, rel=0.02)


def test_several_signals_are_compared_as_a_simulation_of_severity_says():
    found = by_value(cells({
        "new": [counted("a", felt=(30, 150), waited=(60, 120), lost=(4, 45))],
        "old": [counted("a", felt=(50, 300), waited=(110, 260), lost=(2, 40))],
    }, draws=100_000))  # fmt: skip
    rng = np.random.default_rng(3)

    def severity(felt, waited, lost):
        spared = 1.0
        for weight, (x, n) in zip((1.0, 0.6, 0.8), (felt, waited, lost), strict=True):
            spared = spared * (1 - weight * rng.beta(0.5 + x, 0.5 + n - x, 400_000))
        return 1 - spared

    gaps = severity((30, 150), (60, 120), (4, 45)) - severity((50, 300), (110, 260), (2, 40))
    assert found["new"].p == pytest.approx(2 * np.mean(gaps < 0), abs=0.004)
    assert found["new"].difference == pytest.approx(gaps.mean(), abs=1e-3)
    ends = (found["new"].difference_low, found["new"].difference_high)
    assert ends == pytest.approx(tuple(np.quantile(gaps, [0.05, 0.95])), abs=2e-3)


def test_of_two_values_one_is_worse_by_as_much_as_the_other_is_better():
    found = by_value(cells({
        "new": [counted("a", felt=(60, 200), waited=(9, 50))],
        "old": [counted("a", felt=(100, 800), waited=(5, 60))],
    }))  # fmt: skip
    new, old = found["new"], found["old"]
    assert new.differs and old.differs
    assert new.p == old.p
    assert new.difference == pytest.approx(-old.difference)
    assert (new.difference_low, new.difference_high) == pytest.approx(
        (-old.difference_high, -old.difference_low)
    )


def test_a_small_cell_is_hidden_and_not_tested_but_counts_in_the_rest():
    columns = {
        "new": [counted("a", felt=(29, 29), waited=(5, 20))],
        "old": [counted("a", felt=(10, 100))],
        "vip": [counted("a", felt=(10, 100))],
    }
    found = by_value(cells(columns))
    assert (found["new"].severity, found["new"].p, found["new"].n) == (None, None, 29)
    without = by_value(cells({v: columns[v] for v in ("old", "vip")}))
    assert found["old"].difference < without["old"].difference - 0.1


def test_only_signals_with_thirty_on_both_sides_are_compared():
    found = by_value(cells({
        "new": [counted("a", felt=(10, 100), waited=(20, 29))],
        "old": [counted("a", felt=(10, 100), waited=(0, 900))],
        "vip": [counted("a", repeated=(50, 60))],
    }))  # fmt: skip
    assert found["new"].compared == found["old"].compared == ("felt",)
    assert not found["new"].differs
    assert found["vip"].compared == ()
    assert (found["vip"].difference, found["vip"].p, found["vip"].differs) == (None, None, False)


@pytest.mark.parametrize(("x", "rest"), [(0, 0), (40, 40)])
def test_none_and_all_are_counts_like_others(x, rest):
    found = by_value(cells({
        "new": [counted("a", felt=(x, 40))], "old": [counted("a", felt=(rest, 40))],
    }))  # fmt: skip
    assert found["new"].p > 0.5
    assert 0 <= found["new"].severity_low < found["new"].severity_high <= 1


def test_a_signal_that_never_hurts_makes_no_difference():
    weights = {**DEFAULT_WEIGHTS, "felt": 0.0}
    found = by_value(cells({
        "new": [counted("a", felt=(80, 100))], "old": [counted("a", felt=(1, 100))],
    }, weights=weights))  # fmt: skip
    assert (found["new"].difference, found["new"].p, found["new"].differs) == (0.0, 1.0, False)


def test_one_value_has_nothing_to_be_compared_with():
    (cell,) = cells({"new": [counted("a", felt=(10, 100)), counted("b")]})
    assert cell.severity is not None and cell.p is None
    assert cells({}) == []


def test_order_of_input_changes_nothing():
    rng = np.random.default_rng(5)
    columns = {
        value: [counted(code, felt=(int(rng.binomial(90, 0.2)), 90)) for code in "abcd"]
        for value in ("new", "old", "vip")
    }
    turned = {value: columns[value][::-1] for value in reversed(columns)}
    assert cells(columns) == cells(turned)


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="0 <= x <= n"):
        cells({"new": [counted("a", felt=(3, 2))]})
    with pytest.raises(ValueError, match="twice"):
        cells({"new": [counted("a", felt=(1, 2)), counted("a", felt=(1, 2))]})


def test_one_sure_difference_is_found_among_a_thousand_cells():
    """With 4,000 draws no p is below 0.0005, and 0.1 of 1,000 tests asks for 0.0001."""
    rng = np.random.default_rng(11)
    columns = {
        f"v{j:02}": [counted(f"t{i:02}", felt=(int(rng.binomial(60, 0.1)), 60)) for i in range(50)]
        for j in range(20)
    }
    columns["v00"][0] = counted("t00", felt=(40, 60))
    found = cells(columns)
    assert [(c.code, c.value) for c in found if c.differs] == [("t00", "v00")]
    assert len(found) == 1000


@pytest.mark.parametrize(
    ("touchpoints", "values", "least", "most", "rate"),
    [(8, 3, 30, 60, 0.1), (8, 3, 30, 600, 0.02), (6, 2, 100, 3000, 0.3)],
)
def test_where_nothing_differs_few_journeys_have_any_difference(
    touchpoints, values, least, most, rate
):
    """False discoveries at most 10%; within the noise of 60 journeys, whose rates vary freely."""
    rng = np.random.default_rng(1)
    reported = 0
    for _ in range(60):
        rates = {f: rng.beta(20 * rate, 20 * (1 - rate), touchpoints) for f in ("felt", "waited")}
        columns = {
            f"v{j}": [_simulated(rng, f"t{i}", {f: rates[f][i] for f in rates}, least, most)
                      for i in range(touchpoints)]
            for j in range(values)
        }  # fmt: skip
        reported += any(cell.differs for cell in cells(columns, draws=500))
    assert reported <= stats.binom(60, 0.1).ppf(0.99)


def test_real_differences_are_found_and_few_are_false():
    rng = np.random.default_rng(2)
    false_shares, caught, planted = [], 0, 0
    for _ in range(40):
        worse = rng.random((8, 4)) < 0.08
        rates = rng.beta(3, 20, 8)
        columns = {
            f"v{j}": [_simulated(rng, f"t{i}", {"felt": rates[i] + 0.15 * worse[i, j]}, 80, 600)
                      for i in range(8)]
            for j in range(4)
        }  # fmt: skip
        reported = [cell for cell in cells(columns, draws=500) if cell.differs]
        # where one value is worse the others are better than their rests: that is no false one
        false = [c for c in reported if not worse[int(c.code[1])].any()]
        false_shares.append(len(false) / max(1, len(reported)))
        right = [c for c in reported if worse[int(c.code[1]), int(c.value[1])] and c.difference > 0]
        caught, planted = caught + len(right), planted + worse.sum()
    assert caught / planted > 0.85
    assert np.mean(false_shares) <= 0.10


def _simulated(rng, code, rates, least, most):
    families = {}
    for family, rate in rates.items():
        n = int(np.exp(rng.uniform(np.log(least), np.log(most))))
        families[family] = (int(rng.binomial(n, rate)), n)
    return counted(code, **families)
