"""What a netizen sends, the same over the socket and by form: cleaned, measured, and refused with a sentence that helps."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interview.models import Programme
from interview.text import NICKNAME_LIMIT, QUESTION_LIMIT, TooLong, clean, clean_line
from moderation import lexicon
from moderation.models import Rules, WordList


class Text(forms.CharField):
    """A text that is cleaned first and judged afterwards: what cannot be seen is removed, not complained about."""

    widget = forms.Textarea

    def __init__(self, *, limit: int, one_line: bool = False, **kwargs: Any) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.limit = limit
        self.one_line = one_line

    def to_python(self, value: Any) -> str:
        try:
            return (clean_line if self.one_line else clean)(super().to_python(value) or "")
        except TooLong as refusal:
            # Not even cleaned, so counted as it came.
            raise forms.ValidationError(self._too_long(int(refusal.args[0]))) from None

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            raise forms.ValidationError(self._too_long(len(value)))

    def _too_long(self, length: int) -> str:
        return _("%(label)s有%(length)d字，最多%(limit)d字，请删去%(more)d字。") % {
            "label": self.label,
            "length": length,
            "limit": self.limit,
            "more": length - self.limit,
        }


class AskForm(forms.Form):
    """A question to one programme. `nickname` may stay empty: the public then reads 匿名网友."""

    nickname = Text(label=_("昵称"), limit=NICKNAME_LIMIT, one_line=True)
    text = Text(label=_("提问"), limit=QUESTION_LIMIT)
    token = forms.UUIDField(
        error_messages={"required": _("缺少提交凭证。请刷新页面后重新提交。"), "invalid": _("提交凭证不对。请刷新页面后重新提交。")}
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text:
            raise forms.ValidationError(_("请写下您的提问。空格和看不见的字符不算文字。"))
        return text

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if nickname:
            finding = lexicon.find(nickname, **_people(self.programme))
            if finding is not None:
                raise forms.ValidationError(_borrowed(finding))
        return nickname


class RulesForm(forms.Form):
    """How one programme is moderated."""

    two_stage = forms.BooleanField(label=gettext_lazy("两人审核：一人初审，另一人放行"), required=False)
    challenge = forms.ChoiceField(label=gettext_lazy("提问前的验证"), choices=Rules.Challenge.choices)
    sign_in_required = forms.BooleanField(label=gettext_lazy("登录后才能提问"), required=False)
    supports_hidden = forms.BooleanField(label=gettext_lazy("结束前不公开同问数"), required=False)


def _people(programme: Programme) -> dict[str, set[str]]:
    guests = list(programme.guests.select_related("organisation"))
    staff = programme.seats.select_related("user")
    units = {guest.organisation.name for guest in guests if guest.organisation}
    return {
        "persons": {guest.name for guest in guests} | {seat.user.name for seat in staff},
        "offices": {guest.post for guest in guests} | units | {programme.unit.name},
    }


def _borrowed(finding: lexicon.Finding) -> str:
    why = {
        lexicon.Kind.RESERVED: _("昵称里不能用“%(word)s”，以免被当成工作人员或单位。"),
        lexicon.Kind.PERSON: _("“%(word)s”是本期嘉宾或工作人员的姓名，不能用作昵称。"),
        lexicon.Kind.OFFICE: _("“%(word)s”是本期的单位或职务，不能用作昵称。"),
    }[finding.kind]
    return f"{why % {'word': finding.word}}{_('请换一个昵称，或者留空，以“匿名网友”的名义提问。')}"


class WordListForm(forms.Form):
    """The settings of a word list."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    category = forms.CharField(label=gettext_lazy("类别"), max_length=40, help_text=gettext_lazy("审核员看到的说法，例如“广告”。"))
    consequence = forms.ChoiceField(
        label=gettext_lazy("后果"),
        choices=WordList.Consequence.choices,
        help_text=gettext_lazy("标出：审核员看得到。搁置：放到一边，审核员另看。拒收：不收，当场告诉提问人。"),
    )
    pinyin = forms.BooleanField(label=gettext_lazy("拼音和同音字也算"), required=False)
