"""How a programme is moderated: what its editors switched on."""

from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.roles import is_editor
from interview import support
from interview.models import Programme
from interview.programmes import locked
from interview.seats import must
from moderation import audit
from moderation.audit import Action
from moderation.models import Rules
from realtime.commands import Refused


def of(programme: Programme) -> Rules:
    """The rules of this programme; the defaults, in no row yet, where nobody changed them."""
    return Rules.objects.filter(programme=programme).first() or Rules(programme=programme)


@transaction.atomic
def change(*, programme: Programme, by: User, two_stage: bool, challenge: str, sign_in_required: bool, supports_hidden: bool) -> Rules:
    """These rules hold from now on, and the record says which are new; unchanged ones are no step of anybody.

    Questions that one person approved already wait for the second, or, where one is enough again, for anybody.
    Raises Refused (forbidden, invalid).
    """
    must(is_editor(by), "只有编辑可以改审核设置。")
    if challenge not in Rules.Challenge.values:
        raise Refused("invalid", "请选择什么时候需要验证。", {"challenge": ["请选择。"]})
    held = locked(programme)
    rules = of(held)
    changed = _set(rules, two_stage=two_stage, challenge=challenge, sign_in_required=sign_in_required)
    changed |= _set(held, supports_hidden=supports_hidden)
    if changed:
        audit.record(action=Action.RULES_CHANGE, by=by, programme=held, data=changed)
        rules.save()
        held.save(update_fields=["supports_hidden"])
    if "supports_hidden" in changed:
        support.show_again(held)
    return rules


def _set(row: Rules | Programme, **fields: Any) -> dict[str, list[Any]]:
    """Set what differs; the names, each with the value before and the value now."""
    changed = {name: [getattr(row, name), value] for name, value in fields.items() if getattr(row, name) != value}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    return changed
