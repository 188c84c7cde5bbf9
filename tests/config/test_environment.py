"""script/environment.py: what pip is told reaches uv, and a second run does nothing."""

import importlib.util
import re
import subprocess
import sys

import pytest

from tests.config.conftest import ROOT


@pytest.fixture
def environment(monkeypatch):
    spec = importlib.util.spec_from_file_location("environment", ROOT / "script/environment.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_uv_is_told_what_pip_is_configured_to(environment, monkeypatch):
    listing = "\n".join(
        [
            "global.index-url='https://old.example/simple'",
            "install.find-links='/wheels /more-wheels'",
            "global.cert='/etc/bundle.pem'",
            ":env:.index-url='https://mirror.example/simple'",
            ":env:.no-index='false'",
        ]
    )
    done = subprocess.CompletedProcess([], 0, stdout=listing)
    monkeypatch.setattr(environment.subprocess, "run", lambda *a, **k: done)
    options, variables = environment.pip_configuration()
    assert options[options.index("--index-url") + 1] == "https://mirror.example/simple"
    assert [options[i + 1] for i, o in enumerate(options) if o == "--find-links"] == [
        "/wheels",
        "/more-wheels",
    ]
    assert "--no-index" not in options
    assert variables["SSL_CERT_FILE"] == "/etc/bundle.pem"


def test_developers_packages_contain_the_runtimes(environment, monkeypatch, tmp_path):
    """So a server started after the tests installs nothing."""
    installs = []
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "python")
    monkeypatch.setattr(environment, "STAMP", tmp_path / "installed")
    monkeypatch.setattr(environment, "install", installs.append)
    (tmp_path / "python").touch()
    stamp = f"place {tmp_path}\nruntime x\ndev {environment.digest('dev')}\n"
    (tmp_path / "installed").write_text(stamp)
    assert environment.main([]) == 0
    assert environment.main(["dev"]) == 0
    assert installs == []
    (tmp_path / "installed").write_text(stamp.replace("dev ", "dev 0"))
    assert environment.main([]) == 0
    assert installs == ["dev"]


def test_locks_have_hashes_and_no_addresses():
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "--index-url" not in text and "--find-links" not in text and "http:" not in text
        packages = [block for block in re.split(r"\n(?=\S)", text) if block.strip()]
        assert packages
        assert all(" --hash=sha256:" in package for package in packages)


def test_an_unknown_word_is_refused():
    command = [sys.executable, str(ROOT / "script/environment.py"), "production"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and "Usage" in done.stderr
