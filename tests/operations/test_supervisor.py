"""With real processes: small programs that behave well, end early, or do not listen."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from operations import supervisor
from operations.supervisor import Program, Supervisor
from tests.server import BASE, free_port

FOR_EVER = "import time; print('up', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"


def program(source, *, name="program", essential=True):
    return Program(name=name, command=(sys.executable, "-c", source), essential=essential)


@pytest.fixture
def watched(tmp_path):
    """A supervisor whose programs write to one file; whatever a test leaves running is ended."""
    made = Supervisor()
    with (tmp_path / "output").open("ab") as output:
        made.output = output
        yield made
    made.stop_all()


def until(happened, seconds=20):
    waiting = threading.Event()
    for _ in range(seconds * 50):
        if happened():
            return
        waiting.wait(0.02)
    raise AssertionError("it did not happen")


def is_up(watched, count):
    return os.fstat(watched.output.fileno()).st_size >= len("up\n") * count


def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_are_stopped_and_none_is_left(watched):
    for number in range(3):
        watched.start(program(FOR_EVER, name=f"program {number}"), output=watched.output)
    until(lambda: is_up(watched, 3))
    pids = [process.pid for process in watched.running.values()]
    watched.stop_all()
    assert [process.returncode for process in watched.running.values()] == [-signal.SIGTERM] * 3
    assert [pid for pid in pids if exists(pid)] == []


def test_who_does_not_stop_is_killed_and_named(watched, monkeypatch, capsys):
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    watched.start(program(DEAF, name="deaf"), output=watched.output)
    until(lambda: is_up(watched, 1))
    watched.stop_all()
    assert [process.returncode for process in watched.running.values()] == [-signal.SIGKILL]
    assert capsys.readouterr().err.startswith("deaf (process ")


def test_an_essential_program_that_ended_is_named(watched):
    good, bad = program(FOR_EVER, name="good"), program("raise SystemExit(3)", name="bad")
    watched.start(good)
    watched.start(bad)
    until(watched.dead)
    assert watched.dead() == bad
    assert watched.running[bad].returncode == 3


def test_another_may_end_and_the_rest_goes_on(watched, capsys):
    watched.start(program(FOR_EVER, name="good"))
    watched.start(program("pass", name="demo", essential=False))
    until(lambda: watched.dead() is None and len(watched.running) == 1)
    assert [kept.name for kept in watched.running] == ["good"]
    assert capsys.readouterr().err == "demo has ended (exit code 0); the service goes on. / demo 已结束，服务继续运行。\n"


def test_children_end_with_a_supervisor_that_was_killed(tmp_path):
    source = f"""
        import sys, time
        from operations.supervisor import Program, Supervisor
        made = Supervisor()
        child = Program(name="child", command=(sys.executable, "-c", {FOR_EVER!r}))
        made.start(child, output=sys.stdout)
        print(made.running[child].pid, flush=True)
        time.sleep(600)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(source)], cwd=BASE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    words = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
    child = int((words - {"up"}).pop())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: not exists(child))


def test_a_port_in_use_is_not_free():
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert not supervisor.is_free("127.0.0.1", port)
    assert supervisor.is_free("127.0.0.1", port)


@pytest.mark.parametrize("word", ["0", "65536", "-1", "8000000", "x", "", "８０"])
def test_a_port_that_is_none_is_told(word, capsys):
    with pytest.raises(SystemExit) as ended:
        supervisor.arguments(["--port", word])
    assert (ended.value.code, "expected a number from 1 to 65535, got" in capsys.readouterr().err) == (2, True)


def test_an_address_that_is_not_here_is_not_free():
    assert not supervisor.is_free("192.0.2.1", free_port())


@pytest.mark.parametrize(
    ("host", "best"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]"), ("0.0.0.0", "127.0.0.1"), ("192.0.2.7", "192.0.2.7")],
)
def test_the_first_name_is_one_that_works_on_this_machine(host, best):
    assert supervisor.names(host)[0] == best


def test_on_all_addresses_the_machine_is_known_by_its_name():
    assert socket.gethostname() in supervisor.names("0.0.0.0")


class Slow(BaseHTTPRequestHandler):
    """Is ready at the third time of asking."""

    asked = 0

    def do_GET(self):
        type(self).asked += 1
        self.send_response(200 if self.asked >= 3 else 503)
        self.end_headers()

    def log_message(self, *words):
        pass


def test_it_waits_until_the_service_is_ready():
    with HTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert supervisor.until_ready(f"http://127.0.0.1:{server.server_port}", alive=lambda: True)
        finally:
            server.shutdown()
            thread.join()
    assert Slow.asked == 3


def test_it_does_not_wait_for_the_dead():
    assert not supervisor.until_ready(f"http://127.0.0.1:{free_port()}", alive=lambda: False)


def test_it_does_not_wait_for_ever(monkeypatch):
    monkeypatch.setattr(supervisor, "READY_SECONDS", 0.3)
    assert not supervisor.until_ready(f"http://127.0.0.1:{free_port()}", alive=lambda: True)


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL")])
def test_an_ending_is_told_in_words(code, words):
    assert supervisor.ending(code) == words
