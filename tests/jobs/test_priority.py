"""Work that lets others go first does so with all its threads, and not for ever."""

import os
import subprocess
import sys
import threading

import pytest

from jobs.priority import THREADS, behind_others

LINUX = pytest.mark.skipif(not THREADS.is_dir(), reason="niceness of threads is Linux's")
# Who is not root and has no such limit may not come back; 65534 is nobody.
AS_SOMEBODY = """
import os, resource
from jobs.priority import behind_others
resource.setrlimit(resource.RLIMIT_NICE, (0, 0))
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
with behind_others():
    print(os.getpriority(os.PRIO_PROCESS, 0))
"""


def nice() -> set[int]:
    return {os.getpriority(os.PRIO_PROCESS, int(thread.name)) for thread in THREADS.iterdir()}


def may_return() -> bool:
    step = "import os; now = os.getpriority(0, 0); os.setpriority(0, 0, now + 1)"
    done = subprocess.run(
        [sys.executable, "-c", f"{step}; os.setpriority(0, 0, now)"],
        check=False,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0


@LINUX
def test_all_threads_go_behind_and_come_back() -> None:
    told, ended = threading.Event(), threading.Event()
    threading.Thread(target=lambda: (told.set(), ended.wait()), daemon=True).start()
    told.wait()
    (before,) = nice()
    try:
        with behind_others():
            started = []
            thread = threading.Thread(target=lambda: started.append(os.getpriority(0, 0)))
            thread.start()
            thread.join()
            during = nice()
        assert nice() == {before}
        expected = before + 5 if may_return() else before
        assert during == {expected} and started == [expected]
        with pytest.raises(KeyError), behind_others():
            raise KeyError
        assert nice() == {before}
        first, second = behind_others(), behind_others()
        first.__enter__()
        second.__enter__()
        assert nice() == {expected}
        first.__exit__(None, None, None)
        assert nice() == {expected}
        second.__exit__(None, None, None)
        assert nice() == {before}
    finally:
        ended.set()


@LINUX
def test_who_could_not_come_back_stays() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY], check=True, capture_output=True, text=True
    )
    assert int(done.stdout) == os.getpriority(os.PRIO_PROCESS, 0)
