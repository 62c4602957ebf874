"""Only what belongs to the programme is found; anything else is said not to be there."""

from uuid import uuid4

import pytest

from interview.views.named import guest_of, question_of
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db
OF = [(make.question, question_of), (make.guest, guest_of)]


@pytest.mark.parametrize(("made", "of"), OF)
def test_what_belongs_to_the_programme_is_found(made, of):
    programme = make.programme()
    row = made(programme)
    assert of(programme, str(row.pk)) == row


@pytest.mark.parametrize(("made", "of"), OF)
def test_what_does_not_is_not_there(made, of):
    programme, elsewhere = make.programme(), make.programme()
    codes = []
    for key in (str(made(elsewhere).pk), str(uuid4()), "", "1", "水", "\x00" * 32):
        with pytest.raises(Refused) as caught:
            of(programme, key)
        codes.append(caught.value.code)
    assert codes == ["not_found"] * 6
