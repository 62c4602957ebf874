"""Whatever people do in whatever order: rows, record and public log stay what the model says; tests/faults plants bugs in it."""

import pytest

from tests.model import play

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]


def test_rows_record_and_log_are_as_the_model_says():
    play(15)
