"""The command says where a server listens, and fails when it cannot."""

import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from tests.operations.servers.conftest import SERVERS
from tests.server import BASE


def served(tmp_path, *words):
    env = {"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "tests.operations.servers.site_settings", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "serve", *words]
    return subprocess.Popen(command, cwd=BASE, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.parametrize("server", SERVERS)
def test_a_port_in_use_is_told_and_ends_with_1(server, tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        process = served(tmp_path, "--server", server, "--port", str(taken.getsockname()[1]))
        printed, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in printed
    assert "in use" in printed


@pytest.mark.parametrize("server", SERVERS)
def test_it_listens_on_a_unix_socket(server, tmp_path):
    path = tmp_path / "web.socket"
    process = served(tmp_path, "--server", server, "--unix", str(path))
    try:
        deadline = time.monotonic() + 120
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(str(path))
            line.sendall(b"GET /counted HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert line.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        process.terminate()
        printed, _ = process.communicate(timeout=60)
    assert (process.returncode, printed) == (0, "")


def test_another_server_is_not_offered():
    with pytest.raises(CommandError, match="invalid choice: 'hypercorn'"):
        call_command("serve", "--server", "hypercorn")
