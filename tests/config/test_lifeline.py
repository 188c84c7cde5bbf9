"""No child outlives its parent: whenever it was that the parent went, and whatever it hears."""

import subprocess
import sys

import pytest

from tests.config.conftest import ROOT

# A child is made, and its parent goes; what the child still says is printed.
GONE_BEFORE = """
import os, time
{prepared}
parent = os.getpid()
if os.fork():
    os._exit(0)
while os.getppid() == parent:
    time.sleep(0.01)
{asked}
print("outlived", flush=True)
"""
GONE_AFTER = """
import os, signal, time
from config.lifeline import die_with_parent
parent, (ready, say) = os.getpid(), os.pipe()
if os.fork():
    os.read(ready, 1)
    os._exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
die_with_parent(parent)
os.write(say, b"1")
time.sleep(20)
print("outlived", flush=True)
"""


def printed(script: str) -> str:
    """Until nobody is left who could print."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "prepared, asked",
    [
        ("from config.lifeline import die_with_parent", "die_with_parent(parent)"),
        (
            "from config import celery; celery._remember_the_worker()",
            "celery._end_with_the_worker()",
        ),
    ],
    ids=["a child", "a process of the worker"],
)
def test_whose_parent_went_before_it_asked(prepared: str, asked: str) -> None:
    assert printed(GONE_BEFORE.format(prepared=prepared, asked=asked)) == ""


def test_who_does_not_listen_is_killed() -> None:
    assert printed(GONE_AFTER) == ""
