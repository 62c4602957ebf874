import pytest

from interview.states import PROGRAMME_MOVES, QUESTION_MOVES, ProgrammeState, QuestionState, check, sources


def test_every_state_can_be_reached_and_has_its_row():
    check(PROGRAMME_MOVES, ProgrammeState, ProgrammeState.DRAFT)
    check(QUESTION_MOVES, QuestionState, QuestionState.RECEIVED)


def test_a_graph_without_a_row_for_every_state_is_refused():
    with pytest.raises(RuntimeError, match="missing"):
        check({ProgrammeState.DRAFT: frozenset()}, ProgrammeState, ProgrammeState.DRAFT)


def test_a_graph_with_an_island_is_refused():
    moves = {state: frozenset() for state in ProgrammeState}
    with pytest.raises(RuntimeError, match="unreachable"):
        check(moves, ProgrammeState, ProgrammeState.DRAFT)


def test_only_an_announced_programme_opens_and_only_a_live_one_ends():
    assert sources(PROGRAMME_MOVES, ProgrammeState.LIVE) == [ProgrammeState.ANNOUNCED]
    assert sources(PROGRAMME_MOVES, ProgrammeState.ENDED) == [ProgrammeState.LIVE]


def test_an_answered_question_moves_no_more():
    assert QUESTION_MOVES[QuestionState.ANSWERED] == frozenset()


def test_a_question_is_withdrawn_until_it_is_answered():
    assert sources(QUESTION_MOVES, QuestionState.WITHDRAWN) == [
        QuestionState.RECEIVED,
        QuestionState.SCREENED,
        QuestionState.APPROVED,
        QuestionState.MERGED,
        QuestionState.OWED,
    ]
