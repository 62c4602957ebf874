import pytest

from interview import guests, questions, transcript
from interview.models import Guest, Question
from interview.states import ProgrammeState
from realtime.commands import Refused
from tests import scenes as make

pytestmark = pytest.mark.django_db


def names(programme):
    return [guest.name for guest in programme.guests.all()]


def test_guests_stand_in_the_order_of_their_invitation():
    programme, editor = make.programme(), make.editor()
    for name in ("周水生", "何清"):
        guests.invite(programme=programme, by=editor, name=name, post="总经理")
    assert names(programme) == ["周水生", "何清"]


def test_a_guest_moves_up_and_the_first_one_stays_first():
    programme, editor = make.programme(), make.editor()
    first, _second, third = (guests.invite(programme=programme, by=editor, name=name, post="总经理") for name in "甲乙丙")
    guests.move_up(guest=third, by=editor)
    assert names(programme) == ["甲", "丙", "乙"]
    guests.move_up(guest=first, by=editor)
    assert names(programme) == ["甲", "丙", "乙"]


@pytest.mark.parametrize(("state", "told"), [(ProgrammeState.DRAFT, []), (ProgrammeState.ANNOUNCED, ["programme.changed"] * 4)])
def test_every_change_moves_the_stage_of_a_public_programme(state, told):
    programme, editor = make.programme(state=state), make.editor()
    guest = guests.invite(programme=programme, by=editor, name="周水生", post="总经理")
    guests.describe(guest=guest, by=editor, post="董事长")
    guests.move_up(guest=guest, by=editor)
    guests.uninvite(guest=guest, by=editor)
    assert make.kinds(f"stage:{programme.pk}") == told


def test_whoever_is_invited_after_another_left_stands_last():
    programme, editor = make.programme(), make.editor()
    first, *_others = [guests.invite(programme=programme, by=editor, name=name, post="总经理") for name in "甲乙丙"]
    guests.uninvite(guest=first, by=editor)
    guests.invite(programme=programme, by=editor, name="丁", post="总经理")
    assert names(programme) == ["乙", "丙", "丁"]


def test_a_new_description_leaves_what_was_said_as_it_was():
    programme, editor = make.programme(state=ProgrammeState.LIVE), make.editor()
    guest = make.guest(programme, name="周水生", post="总经理")
    entry = transcript.publish_remark(programme=programme, text="大家好。", by=editor, guest=guest)
    guests.describe(guest=guest, by=editor, post="董事长")
    entry.refresh_from_db()
    assert (Guest.objects.get().post, entry.post) == ("董事长", "总经理")


def test_a_guest_who_has_not_spoken_may_leave_with_their_seat():
    programme = make.programme()
    guest = make.guest(programme)
    make.seated(programme, "guest", guest=guest)
    guests.uninvite(guest=guest, by=make.editor())
    assert (programme.guests.count(), programme.seats.count()) == (0, 0)


def test_a_guest_who_has_spoken_stays():
    programme, editor = make.programme(state=ProgrammeState.LIVE), make.editor()
    guest = make.guest(programme, name="周水生")
    transcript.publish_remark(programme=programme, text="大家好。", by=editor, guest=guest)
    with pytest.raises(Refused) as refusal:
        guests.uninvite(guest=guest, by=editor)
    assert (refusal.value.code, refusal.value.detail) == ("conflict", "周水生已经在实录里发言，不能移除。")
    assert names(programme) == ["周水生"]


def test_a_guest_who_holds_a_question_stays_until_it_is_taken_back():
    programme, editor = make.programme(state=ProgrammeState.LIVE), make.editor()
    guest = make.guest(programme, name="周水生")
    question = questions.put(question=make.approved(programme), guest=guest, by=editor)
    with pytest.raises(Refused) as refusal:
        guests.uninvite(guest=guest, by=editor)
    assert (refusal.value.code, refusal.value.detail) == ("conflict", "有提问正交给周水生，请主持人先收回，再移除。")
    questions.put_back(question=question, by=editor)
    guests.uninvite(guest=guest, by=editor)
    assert (names(programme), Question.objects.get().put_to) == ([], None)


@pytest.mark.parametrize("role", ["host", "stenographer", "moderator"])
def test_only_editors_arrange_guests(role):
    programme = make.programme()
    guest, person = make.guest(programme), make.seated(programme, role)
    for verb in (
        lambda: guests.invite(programme=programme, by=person, name="某人", post="总经理"),
        lambda: guests.describe(guest=guest, by=person, post="董事长"),
        lambda: guests.move_up(guest=guest, by=person),
        lambda: guests.uninvite(guest=guest, by=person),
    ):
        with pytest.raises(Refused) as refusal:
            verb()
        assert refusal.value.code == "forbidden"
    assert names(programme) == [guest.name]
