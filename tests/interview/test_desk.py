import pytest

from interview import answers, desk, questions
from interview.states import ProgrammeState
from tests import scenes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    programme = make.programme(state=ProgrammeState.LIVE)
    guest = make.guest(programme)
    return programme, guest, make.seated(programme, "guest", guest=guest), make.seated(programme, "host")


def test_the_desk_shows_what_was_approved_by_number(scene):
    programme, guest, _speaker, host = scene
    one, two, three = (make.approved(programme) for _ in range(3))
    make.question(programme)
    answers.answer(question=two, guest=guest, text="好。", by=host)
    assert list(desk.on_desk(programme)) == [one, two, three]


def test_a_sheet_shows_what_is_put_to_its_guest_with_the_draft(scene):
    programme, guest, _speaker, host = scene
    put, _other = make.approved(programme), make.approved(programme)
    questions.put(question=put, guest=guest, by=host)
    draft = answers.save_draft(question=put, seat=guest.seats.get(), text="写到一半")
    assert desk.cards(guest) == [(put, draft)]


def test_an_answered_question_leaves_the_sheet_and_stays_on_the_desk(scene):
    programme, guest, speaker, host = scene
    question = questions.put(question=make.approved(programme), guest=guest, by=host)
    answers.answer(question=question, guest=guest, text="好。", by=speaker)
    assert desk.cards(guest) == []
    assert "data-gone" in make.events(f"guest:{guest.pk}")[-1].html
    assert make.events(f"desk:{programme.pk}")[-1].data["state"] == "answered"


def test_the_event_of_a_question_is_the_partial_of_the_page(scene):
    programme, guest, _speaker, host = scene
    question = questions.put(question=make.approved(programme), guest=guest, by=host)
    event = make.events(f"desk:{programme.pk}")[-1]
    assert event.data == {"id": str(question.pk), "question": question.label, "state": "approved", "put_to": str(guest.pk)}
    assert f'id="desk-{question.pk}"' in event.html
    assert f"已交给{guest.name}" in event.html


def test_positions_are_those_of_the_last_event(scene):
    programme, guest, _speaker, host = scene
    questions.put(question=make.approved(programme), guest=guest, by=host)
    assert desk.position(programme).number == len(make.events(f"desk:{programme.pk}"))
    assert desk.sheet_position(guest).number == len(make.events(f"guest:{guest.pk}"))


def test_nothing_private_of_the_asker_reaches_the_desk(scene):
    programme, guest, _speaker, host = scene
    question = make.approved(programme, visitor="secret-visitor", address="203.0.113.9")
    questions.put(question=question, guest=guest, by=host)
    told = "".join(event.html + str(event.data) for topic in (f"desk:{programme.pk}", f"guest:{guest.pk}") for event in make.events(topic))
    for private in ("secret-visitor", "203.0.113.9", question.receipt_token):
        assert private not in told
