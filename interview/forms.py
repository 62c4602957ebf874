"""What staff type into forms: the plan, the guests, the seats, the public notices."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from interview.fields import LineField, MomentField, OrganisationField, PictureField, TextField
from interview.models import Guest, Programme, Seat
from interview.models.programme import DEFAULT_MINUTES, LONGEST_MINUTES
from interview.states import ProgrammeState
from organisations.models import Organisation
from realtime.commands import Refused

# Twice what a phone or a desk shows, so that it stays sharp; the page scales it down.
COVER_SIZE = {"width": 1600, "height": 900}
PORTRAIT_SIZE = {"width": 480, "height": 480}


def checked(form: forms.BaseForm) -> dict[str, Any]:
    """The cleaned data of a bound form. Raises Refused (invalid) that names each field to correct."""
    if form.is_valid():
        return form.cleaned_data
    fields = {form.add_prefix(name): [str(message) for message in messages] for name, messages in form.errors.items()}
    raise Refused("invalid", _("没有保存，请改正标出的地方。您填的内容都还在。"), fields)


class ProgrammeForm(forms.Form):
    """The plan of a programme; the start is typed in local time."""

    title = LineField(label=gettext_lazy("标题"), max_length=120, help_text=gettext_lazy("谁来谈什么，例如“自来水公司总经理谈夏季供水”。"))
    topic = LineField(label=gettext_lazy("主题"), max_length=120)
    unit = OrganisationField(label=gettext_lazy("承办单位"))
    planned_start = MomentField(label=gettext_lazy("计划开始"), help_text=gettext_lazy("北京时间。一般提前7天预告，少于3天会有提醒。"))
    planned_minutes = forms.IntegerField(
        label=gettext_lazy("计划时长（分钟）"), min_value=1, max_value=LONGEST_MINUTES, initial=DEFAULT_MINUTES
    )
    introduction = TextField(
        label=gettext_lazy("简介"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("网友据此知道可以问什么。"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    cover = PictureField(label=gettext_lazy("题图"), help_text=gettext_lazy("JPEG、PNG 或 WebP，不超过5兆字节、2400万像素。"), **COVER_SIZE)
    cover_alt = LineField(label=gettext_lazy("题图说明"), max_length=120, required=False, help_text=gettext_lazy("读给看不到图片的读者。"))
    without_cover = forms.BooleanField(label=gettext_lazy("不用题图"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, files: Any = None, *, programme: Programme | None = None) -> None:
        initial = {name: getattr(programme, name) for name in self.base_fields if hasattr(programme, name)} if programme else {}
        super().__init__(data, files, initial=initial, auto_id="plan-%s")
        if programme is None or not programme.cover:
            del self.fields["without_cover"]
        if programme is not None and programme.state == ProgrammeState.LIVE:
            # On air the host has the clock: it is extended from the desk.
            self.fields["planned_start"].disabled = self.fields["planned_minutes"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Leave out what is not changed: no new picture is not "no picture"."""
        cleaned = super().clean() or {}
        if cleaned.pop("without_cover", False):
            cleaned["cover"] = ""
        elif not cleaned.get("cover"):
            cleaned.pop("cover", None)
        return cleaned


class GuestForm(forms.Form):
    """A guest, with post and portrait."""

    name = LineField(label=gettext_lazy("姓名"), max_length=40)
    post = LineField(label=gettext_lazy("职务"), max_length=80, help_text=gettext_lazy("写全称，例如“市自来水公司总经理”。"))
    organisation = OrganisationField(label=gettext_lazy("单位"), required=False)
    portrait = PictureField(
        label=gettext_lazy("照片"), help_text=gettext_lazy("JPEG、PNG 或 WebP，不超过5兆字节、2400万像素。"), **PORTRAIT_SIZE
    )
    without_portrait = forms.BooleanField(label=gettext_lazy("不用照片"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        guest: Guest | None = None,
        initial_organisation: Organisation | None = None,
    ) -> None:
        initial = {name: getattr(guest, name) for name in self.base_fields if hasattr(guest, name)} if guest else {}
        initial.setdefault("organisation", initial_organisation)
        self.guest = guest
        super().__init__(data, files, initial=initial, auto_id=f"guest-{guest.pk if guest else 'new'}-%s")
        if guest is None or not guest.portrait:
            del self.fields["without_portrait"]

    def clean(self) -> dict[str, Any]:
        """Leave out a portrait that is not changed."""
        cleaned = super().clean() or {}
        if cleaned.pop("without_portrait", False):
            cleaned["portrait"] = ""
        elif not cleaned.get("portrait"):
            cleaned.pop("portrait", None)
        return cleaned


class SeatForm(forms.Form):
    """A seat for an account that is there, or for one that is opened with it."""

    seat = forms.ChoiceField(label=gettext_lazy("席位"))
    username = LineField(
        label=gettext_lazy("账号"),
        max_length=60,
        widget=forms.TextInput(attrs={"list": "accounts", "autocomplete": "off", "autocapitalize": "none"}),
    )
    name = LineField(label=gettext_lazy("姓名"), max_length=40, required=False, help_text=gettext_lazy("只有新建账号时才填。"))

    def __init__(self, data: Mapping[str, Any] | None = None, *, programme: Programme) -> None:
        super().__init__(data, auto_id="seat-%s")
        self._guests = {f"guest:{guest.pk}": guest for guest in programme.guests.all()}
        roles = [(role.value, role.label) for role in Seat.Role if role != Seat.Role.GUEST]
        guests = [(key, _("嘉宾：%(name)s") % {"name": guest.name}) for key, guest in self._guests.items()]
        cast("forms.ChoiceField", self.fields["seat"]).choices = [*roles, *guests]

    def clean(self) -> dict[str, Any]:
        """Turn it into the words of seats.assign: role, guest, and the user, who is None for a new account."""
        cleaned = super().clean() or {}
        username, name, seat = cleaned.get("username", ""), cleaned.get("name", ""), cleaned.get("seat", "")
        user = User.objects.filter(username=User.normalize_username(username), is_active=True).first()
        if username and user is None and not name:
            self.add_error("name", _("还没有账号“%(username)s”。要新建，请填写姓名。") % {"username": username})
        if user is not None and name and name != user.name:
            self.add_error("name", _("账号“%(username)s”已经是%(name)s的。给新人请另起账号。") % {"username": username, "name": user.name})
        guest = self._guests.get(seat)
        return cleaned | {"user": user, "guest": guest, "role": Seat.Role.GUEST if guest else seat}


class NoticeForm(forms.Form):
    """What the public is told when a programme is put off or called off."""

    # How long it may be, and that it must not be empty, is the verb's business: one sentence for every door.
    notice = TextField(label=gettext_lazy("给公众的公告"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    planned_start = MomentField(label=gettext_lazy("新的时间"), required=False, help_text=gettext_lazy("还没有定可以不填。"))
