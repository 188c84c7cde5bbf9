"""Real servers, really killed: who starts them, who takes them over, who stops them."""

import os
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from config import embedded
from config.embedded import places, postgres, processes, valkey


def write(home: Path, text: str) -> None:
    with postgres.connect(home) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (line text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [text])


def read(home: Path) -> list[str]:
    with postgres.connect(home) as connection:
        return [row[0] for row in connection.execute("SELECT line FROM kept ORDER BY line")]


def gone(*pids: int) -> bool:
    return processes.wait_until(lambda: not any(map(processes.is_alive, pids)), 20)


def test_addresses_start_and_create_nothing(spot):
    home = spot / "home"
    found = embedded.addresses(home)
    assert found.database_url.startswith("postgresql://touchline@/touchline?host=")
    assert found.broker_url.startswith("redis+socket://")
    assert not home.exists()
    assert not embedded.socket_directory(home).exists()


def test_the_last_of_two_processes_stops_the_servers(spot, hold):
    home = spot / "home"
    first, second = hold(home), hold(home)
    assert first["postgres"] == second["postgres"]
    assert first["valkey"] == second["valkey"]
    assert first.leave() == 0
    assert postgres.is_ready(home) and valkey.is_ready(home)
    assert second.leave() == 0
    assert gone(second["postgres"], second["valkey"])


def test_servers_of_a_killed_process_are_taken_over(spot, hold):
    home = spot / "home"
    first = hold(home)
    first.kill()
    write(home, "written before")
    second = hold(home)
    assert (second["postgres"], second["valkey"]) == (first["postgres"], first["valkey"])
    second.leave()
    assert gone(first["postgres"], first["valkey"])


def test_after_everything_was_killed_all_data_is_there(spot, hold):
    home = spot / "home"
    first = hold(home)
    write(home, "written before")
    first.kill()
    for name in ("postgres", "valkey"):
        os.kill(first[name], signal.SIGKILL)
    second = hold(home)
    assert second["postgres"] != first["postgres"]
    assert read(home) == ["written before"]


def test_a_pid_that_now_belongs_to_another_program_is_no_server(spot, hold):
    home = spot / "home"
    first = hold(home)
    first.kill()
    data = Path(first["data"])
    owner = data.stat().st_uid
    for name in ("postgres", "valkey"):
        os.kill(first[name], signal.SIGKILL)
    assert gone(first["postgres"], first["valkey"])
    stranger = subprocess.Popen(["sleep", "60"], **processes.as_user(owner, data.stat().st_gid))
    try:
        for file in (
            data / "postmaster.pid",
            postgres.postgres_socket(home).with_name(".s.PGSQL.5432.lock"),
            home / "valkey" / "valkey.pid",
        ):
            lines = file.read_text().split("\n")
            file.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        second = hold(home)
        assert second["postgres"] not in (first["postgres"], stranger.pid)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_whose_socket_was_swept_away_is_replaced(spot, hold):
    home = spot / "home"
    first = hold(home)
    first.kill()
    postgres.postgres_socket(home).unlink()
    places.valkey_socket(home).unlink()
    second = hold(home)
    assert second["postgres"] != first["postgres"]
    assert postgres.is_ready(home) and valkey.is_ready(home)


@pytest.mark.parametrize(
    "name", ["with a space", "q\"uo'te $HOME `x`", "深" * 30 + "/" + "d" * 120]
)
def test_any_path_will_do(spot, hold, name):
    home = spot / name
    holder = hold(home)
    write(home, "here")
    assert Path(holder["data"]).is_relative_to(home)
    assert len(str(postgres.postgres_socket(home))) <= 107
    assert holder.leave() == 0


def test_two_homes_have_nothing_in_common(spot, hold):
    one, two = hold(spot / "one"), hold(spot / "two")
    write(spot / "one", "only here")
    assert one["postgres"] != two["postgres"] and one["sockets"] != two["sockets"]
    with pytest.raises(Exception, match="kept"):
        read(spot / "two")


def test_nothing_listens_on_the_network_and_sockets_are_private(spot, hold):
    holder = hold(spot / "home")
    for name in ("postgres", "valkey"):
        server = psutil.Process(holder[name])
        assert not [c for c in server.net_connections("inet") if c.status == psutil.CONN_LISTEN]
    for directory in ("pg", "valkey"):
        assert Path(holder["sockets"], directory).stat().st_mode & 0o777 == 0o700


def test_a_second_call_is_cheap(spot, hold):
    home = spot / "home"
    hold(home)
    embedded.ensure_started(home)
    try:
        durations = []
        for _ in range(5):
            begin = processes.time.perf_counter()
            embedded.ensure_started(home)
            durations.append(processes.time.perf_counter() - begin)
        assert min(durations) < 0.05
    finally:
        embedded.release(home)


def test_a_forked_child_is_not_in_the_way_of_the_last_to_leave(spot):
    home = spot / "home"
    embedded.ensure_started(home)
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        embedded.release(home)
        assert not postgres.is_ready(home) and not valkey.is_ready(home)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        embedded.remove(home)


def test_an_interrupted_beginning_is_begun_again(spot, hold):
    home = spot / "home"
    half = home / "postgres" / "data.new"
    half.mkdir(parents=True)
    (home / "postgres").chmod(0o711)
    home.chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")
    hold(home)
    assert postgres.is_ready(home)
    assert not half.exists()


def test_remove_leaves_nothing(spot, hold):
    home = spot / "home"
    holder = hold(home)
    with pytest.raises(embedded.EmbeddedError, match="in use"):
        embedded.remove(home)
    holder.kill()
    embedded.remove(home)
    assert gone(holder["postgres"], holder["valkey"])
    assert not home.exists() and not Path(holder["sockets"]).exists()


def test_remove_deletes_only_homes(spot):
    (spot / "letters").mkdir()
    with pytest.raises(embedded.EmbeddedError, match="not a home"):
        embedded.remove(spot / "letters")
    assert (spot / "letters").exists()
