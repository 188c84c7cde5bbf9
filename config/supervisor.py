"""Runs several of our commands as children, restarts those that die, and stops them all."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from config import lifeline
from config.embedded import EmbeddedError
from config.services import ensure_services

MANAGE = Path(settings.BASE_DIR) / "manage.py"
READY_WITHIN_S = 180.0  # a machine that does much besides takes more than a minute
STOPS_WITHIN_S = 8.0
LOOKS_EVERY_S = 0.2
ASKS_SERVICES_EVERY_S = 5.0
# A child that keeps dying is restarted ever more slowly.
PAUSES_S = (0.2, 1.0, 5.0, 30.0)


class Child:
    """One of our commands, in a process group of its own, so that Ctrl-C reaches only us."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.deaths = 0
        self.start()

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, str(MANAGE), self.name],
            stdin=subprocess.DEVNULL,
            process_group=0,
            env={**os.environ, "TOUCHLINE_PARENT": str(os.getpid())},
        )

    def revive(self) -> None:
        """Starts it again if it died, once its pause is over."""
        if self.process.poll() is None:
            if time.monotonic() - self.started_at > 60:
                self.deaths = 0
            return
        pause = PAUSES_S[min(self.deaths, len(PAUSES_S) - 1)]
        if time.monotonic() - self.started_at < pause:
            return
        print(f"{self.name} ended ({self.process.returncode}); starting it again.", file=sys.stderr)
        self.deaths += 1
        self.kill_group()
        self.start()

    def ask_to_end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def kill_group(self) -> None:
        """Whatever is left of it, its own children too."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Supervisor:
    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.children: list[Child] = []
        self.signals = 0

    def run(self, when_ready: Callable[[], None]) -> None:
        lifeline.adopt_orphans()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self.children = [Child(name) for name in self.names]
            self._wait_until_ready()
            if not self.signals:
                when_ready()
            self._watch()
        finally:
            self._stop()
            lifeline.collect_dead()

    def _on_signal(self, number: int, frame: object) -> None:
        self.signals += 1

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + READY_WITHIN_S
        while not self.signals and not _answers():
            ended = [child for child in self.children if child.process.poll() is not None]
            if ended:
                raise EmbeddedError(f"{ended[0].name} did not start; its reason stands above.")
            if time.monotonic() > end:
                raise EmbeddedError(
                    f"The web server did not answer within {READY_WITHIN_S:.0f} seconds. "
                    "Is the machine very busy? Start again, with LOG_LEVEL=INFO to see more."
                )
            time.sleep(0.1)

    def _watch(self) -> None:
        asked_at = time.monotonic()
        while not self.signals:
            for child in self.children:
                child.revive()
            lifeline.collect_dead({child.process.pid for child in self.children})
            if time.monotonic() - asked_at > ASKS_SERVICES_EVERY_S:
                asked_at = time.monotonic()
                try:
                    ensure_services()
                except EmbeddedError as error:
                    print(f"Error: {error}", file=sys.stderr)
            time.sleep(LOOKS_EVERY_S)

    def _stop(self) -> None:
        """First asks, then, after a while or at a second Ctrl-C, kills."""
        signals = self.signals
        end = time.monotonic() + STOPS_WITHIN_S
        for child in self.children:
            child.ask_to_end()
        while any(child.process.poll() is None for child in self.children):
            if time.monotonic() > end or self.signals > max(signals, 1):
                break
            time.sleep(0.02)
        for child in self.children:
            child.kill_group()


def _answers() -> bool:
    host = "127.0.0.1" if settings.HOST in ("0.0.0.0", "::") else settings.HOST
    url = f"http://{host}:{settings.PORT}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers={"Host": "localhost"}), timeout=2):
            return True
    except urllib.error.HTTPError:
        return True  # an answer, if not a kind one: ALLOWED_HOSTS may not know localhost
    except OSError:
        return False
