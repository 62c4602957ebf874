"""What holds for a programme without rules of its own."""

from moderation.models import Rules


def test_the_defaults():
    rules = Rules()
    assert (rules.two_stage, rules.challenge, rules.sign_in_required) == (False, "pressure", False)
