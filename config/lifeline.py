"""Children that do not outlive their parent, whatever kills it."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Container

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def die_with_parent(parent: int) -> None:
    """This process is killed when `parent` (its parent's pid) is gone.

    Not asked to end: nobody would be left to see whether it does, and a signal that comes while
    it starts is easily lost.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL))
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it went before we could ask
        os.kill(os.getpid(), signal.SIGKILL)


def adopt_orphans() -> None:
    """Processes whose parent (below us) dies become ours, so that we can collect them."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def collect_dead(watched: Container[int] = ()) -> None:
    """Takes leave of adopted orphans that ended, so that none stays behind as a zombie.

    Not of those that someone else waits for.
    """
    if sys.platform != "linux":
        return  # nobody is adopted there
    try:
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in watched:
                return  # its turn first; we come back
            os.waitpid(ended.si_pid, os.WNOHANG)
    except ChildProcessError:
        pass


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)
