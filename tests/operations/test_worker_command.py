import pytest
from django.core.management import CommandError, call_command


def test_it_takes_no_arguments():
    # That it works, and stops, is tried in test_worker.py.
    with pytest.raises(CommandError, match="unrecognized arguments: now"):
        call_command("worker", "now")
