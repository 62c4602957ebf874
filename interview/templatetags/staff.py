"""What the staff pages need in every template: the rooms of this programme."""

from django import template
from django.template import Context

from accounts.models import User
from interview import rooms
from interview.models import Programme

register = template.Library()


@register.simple_tag(takes_context=True)
def rooms_here(context: Context, programme: Programme) -> list[dict[str, object]]:
    """The rooms of the programme that the person at this page may enter, and which one this is."""
    request = context["request"]
    if not isinstance(request.user, User):
        return []
    here = context.get("place", request.path)
    places = [(room, room.address(programme)) for room in rooms.open_to(request.user, programme)]
    return [{"label": room.label, "address": address, "here": address == here} for room, address in places]
