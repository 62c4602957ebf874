"""The kinds of fields that staff fill: cleaned text, pictures made small, organisations by name."""

from datetime import datetime
from typing import Any, BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interview import pictures
from interview.text import TooLong, clean, clean_line
from organisations import registry
from organisations.models import Organisation
from realtime.commands import Refused

PICTURE_TYPES = "image/jpeg,image/png,image/webp"
YEARS = range(2000, 2100)
# The stubs know only their own class of lazy text.
_MESSAGES: Any = {
    "required": gettext_lazy("请填写。"),
    "max_length": gettext_lazy("最多%(limit_value)d字，现在%(show_value)d字。"),
}


class LineField(forms.CharField):
    """One line of text without control and invisible characters."""

    default_error_messages = _MESSAGES

    def to_python(self, value: object) -> str:
        return clean_line(_short_enough(super().to_python(value) or ""))


class TextField(forms.CharField):
    """Several lines of text without control and invisible characters."""

    widget = forms.Textarea
    default_error_messages = _MESSAGES

    def to_python(self, value: object) -> str:
        return clean(_short_enough(super().to_python(value) or ""))


class PictureField(forms.FileField):
    """A picture as pictures.store makes it; Django's own ImageField would decode before anybody has looked at the size."""

    def __init__(self, *, width: int, height: int, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.FileInput(attrs={"accept": PICTURE_TYPES}), **kwargs)
        self._size = {"width": width, "height": height}

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return pictures.store(cast("BinaryIO", upload), **self._size)
        except Refused as refused:
            raise forms.ValidationError(refused.detail) from None


class OrganisationField(LineField):
    """An organisation by its name or its short name, offered as a list while typing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}), **kwargs)

    def prepare_value(self, value: object) -> object:
        return value.name if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if not name:
            return None
        found = registry.find(name)
        if found is None:
            raise forms.ValidationError(_("单位目录里没有“%(name)s”。请从列表中选择，或先在“单位”页导入。") % {"name": name})
        return found


class MomentField(forms.DateTimeField):
    """A moment as the browser's own picker writes it, in local time and in a year that an interview may be held in."""

    default_error_messages = _MESSAGES | {"invalid": gettext_lazy("请写成“2010-07-30 15:00”这样的日期和时间。")}

    def __init__(self, **kwargs: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], widget=picker, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        # Pickers let a year of two digits pass; the first and the last year there are do not even fit other zones.
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(_("年份%(year)s不对，请写四位数的年份。"), params={"year": moment.year})
        return moment


def _short_enough(text: str) -> str:
    try:
        clean(text)
    except TooLong as long:
        raise forms.ValidationError(_("文字有%(length)s字，太长了。"), params={"length": long.args[0]}) from None
    return text
