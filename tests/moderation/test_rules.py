"""The rules of a programme: an editor's business, recorded with what changed."""

import pytest

from moderation import audit, rules
from moderation.models import Record, Rules
from realtime.commands import Refused
from tests import pages
from tests import scenes as make

pytestmark = pytest.mark.django_db
DEFAULTS = {"two_stage": False, "challenge": "pressure", "sign_in_required": False, "supports_hidden": False}


@pytest.fixture
def programme():
    return make.programme()


@pytest.fixture
def editor():
    return make.editor()


def held(programme):
    programme.refresh_from_db()
    now = rules.of(programme)
    return {"two_stage": now.two_stage, "challenge": now.challenge, "sign_in_required": now.sign_in_required} | {
        "supports_hidden": programme.supports_hidden
    }


def test_a_programme_nobody_changed_has_the_defaults_and_no_row(programme):
    assert (held(programme), Rules.objects.count()) == (DEFAULTS, 0)


def test_what_changed_is_recorded_with_before_and_now(programme, editor):
    wanted = DEFAULTS | {"two_stage": True, "supports_hidden": True}
    rules.change(programme=programme, by=editor, **wanted)
    row = Record.objects.get()
    assert held(programme) == wanted
    assert (row.action, row.by, row.programme, row.data) == (
        "rules_change", editor, programme, {"two_stage": [False, True], "supports_hidden": [False, True]},
    )  # fmt: skip
    assert audit.digest(row) == row.digest


def test_one_programme_has_its_own_rules(programme, editor):
    other = make.programme()
    rules.change(programme=programme, by=editor, **DEFAULTS | {"sign_in_required": True})
    assert (held(other), held(programme)["sign_in_required"]) == (DEFAULTS, True)


def test_saved_unchanged_it_is_no_step_of_anybody(programme, editor):
    rules.change(programme=programme, by=editor, **DEFAULTS)
    rules.change(programme=programme, by=editor, **DEFAULTS | {"challenge": "always"})
    rules.change(programme=programme, by=editor, **DEFAULTS | {"challenge": "always"})
    assert [row.data for row in Record.objects.all()] == [{"challenge": ["pressure", "always"]}]


@pytest.mark.parametrize("role", ["moderator", "host", None])
def test_only_editors_change_them(programme, role):
    person = make.seated(programme, role) if role else make.user()
    with pytest.raises(Refused) as caught:
        rules.change(programme=programme, by=person, **DEFAULTS | {"two_stage": True})
    assert (caught.value.code, held(programme), Record.objects.count()) == ("forbidden", DEFAULTS, 0)


def test_a_challenge_nobody_knows_is_refused(programme, editor):
    with pytest.raises(Refused) as caught:
        rules.change(programme=programme, by=editor, **DEFAULTS | {"challenge": "sometimes"})
    assert (caught.value.code, caught.value.fields, held(programme)) == ("invalid", {"challenge": ["请选择。"]}, DEFAULTS)


def test_open_pages_learn_whether_counts_are_told(client, programme, editor):
    shown = [make.approved(programme, supports=supports) for supports in (3, 0)]
    make.question(programme)
    page = pages.parse(client.get(programme.get_absolute_url()).content.decode())
    items = [f"@id='waiting-{question.pk}'" for question in shown]
    for hidden in (True, False):
        seen = len(make.events(f"stage:{programme.pk}"))
        rules.change(programme=programme, by=editor, **DEFAULTS | {"supports_hidden": hidden})
        told = make.events(f"stage:{programme.pk}")[seen:]
        assert [event.data["question"] for event in told] == [question.label for question in shown]
        for event in told:
            pages.apply(page, event.html)
        now = pages.shown(pages.parse(client.get(programme.get_absolute_url()).content.decode()), *items)
        assert pages.shown(page, *items) == now
        assert ("data-supports" in now[items[0]]) is not hidden


def test_other_rules_are_told_to_no_reader(programme, editor):
    make.approved(programme)
    seen = len(make.events(f"stage:{programme.pk}"))
    rules.change(programme=programme, by=editor, **DEFAULTS | {"two_stage": True})
    assert len(make.events(f"stage:{programme.pk}")) == seen
