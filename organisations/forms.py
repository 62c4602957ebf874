"""The form by which a table of organisations comes in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """One CSV file; what is in it is judged by the import."""

    table = forms.FileField(
        label=_("CSV 文件"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        help_text=_("表头：类别、名称、简称、主管部门、领域、电话、地址。UTF-8 或 GB18030 编码。"),
    )
