"""Readers get the part of Plotly that draws our figures, and no more."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly
import pytest
from django.contrib.staticfiles import finders

from reports.figures import bundle

SMALL = (
    '"use strict";var P=(()=>{var W=e=>e;var aa=W((e,t)=>{t.exports="shared"});'
    "var b$=W(e=>{aa();Other()});"
    'var c1=W((e,t)=>{t.exports={moduleType:"trace",name:"bar"};aa()});'
    "var d1=W((e,t)=>{t.exports=c1()});"
    'var e1=W((e,t)=>{t.exports={moduleType:"trace",name:"pie"};b$()});'
    "var f1=W((e,t)=>{t.exports=e1()});"
    "var zz=W((e,t)=>{var c=aa();c.register([d1(),f1()]);t.exports=c});return zz();})();/* MIT */"
)


def test_what_no_trace_of_ours_calls_is_left_out() -> None:
    kept = bundle.cut(SMALL, ("bar",))
    assert kept == (
        '"use strict";var P=(()=>{var W=e=>e;var aa=W((e,t)=>{t.exports="shared"});'
        'var c1=W((e,t)=>{t.exports={moduleType:"trace",name:"bar"};aa()});'
        "var d1=W((e,t)=>{t.exports=c1()});"
        "var zz=W((e,t)=>{var c=aa();c.register([d1()]);t.exports=c});return zz();})();/* MIT */"
    )
    assert bundle.cut(SMALL, ("bar", "pie")) == SMALL


@pytest.mark.parametrize("source", ["", "var a=1;", SMALL.replace("register", "r")])
def test_a_file_built_otherwise_is_refused(source) -> None:
    with pytest.raises(bundle.UnknownBundle, match="register the traces"):
        bundle.cut(source, ("bar",))


def test_a_trace_that_is_not_there_is_refused() -> None:
    with pytest.raises(bundle.UnknownBundle, match="'sankey'"):
        bundle.cut(SMALL, ("bar", "sankey"))


def test_the_file_of_the_package_becomes_a_quarter() -> None:
    found = finders.find("plotly/plotly.min.js")
    assert found == str(bundle.made())
    kept = Path(found).read_text()
    whole = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text()
    assert kept.startswith(whole[:200]) and kept.endswith(whole[-200:])  # the licence, the name
    assert len(kept) < len(whole) / 4
    assert len(gzip.compress(kept.encode())) < 400_000
    for trace in ("bar", "heatmap", "scatter"):
        assert f'moduleType:"trace",name:"{trace}"' in kept
    assert 'name:"scattermap"' in whole and 'name:"scattermap"' not in kept


def test_it_may_be_asked_for_first_by_several_threads_at_once(settings, tmp_path):
    settings.TOUCHLINE_HOME = tmp_path
    with ThreadPoolExecutor(6) as threads:
        made = [threads.submit(bundle.made) for _ in range(6)]
    assert {each.result() for each in made} == {bundle.made()}
    assert [path.name for path in bundle.made().parent.iterdir()] == [bundle.NAME]
