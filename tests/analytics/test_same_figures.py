"""The same counts give the same figures, to the last bit, in any process."""

import json
import os
import subprocess
import sys

import pytest

from tests.analytics.figures_of_a_seed import digests

ELSEWHERE = {
    "another process": {"PYTHONHASHSEED": "5"},
    "one thread": {"OPENBLAS_NUM_THREADS": "1"},
    "four threads": {"OPENBLAS_NUM_THREADS": "4"},
    "a processor without wide vectors": {
        # names of NumPy from 2.4 on; those a version or a processor does not know are passed over
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 X86_V3 AVX512_ICL AVX512_SPR AVX512F AVX512_SKX AVX2",
    },
}


@pytest.fixture(scope="module")
def here() -> dict[str, str]:
    return digests()


@pytest.mark.parametrize("place", ELSEWHERE)
def test_figures_are_the_same_elsewhere(here, place):
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.analytics.figures_of_a_seed"],
        env=os.environ | ELSEWHERE[place],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout) == here
