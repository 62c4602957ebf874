"""The form by which staff sign in."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.utils.translation import gettext_lazy as _

from accounts import throttle
from accounts.models import User

# Argon2 reads all of it; longer is an attack on the processor.
PASSWORD_LIMIT = 256


class SignInForm(forms.Form):
    """Username and password; one sentence for an unknown account, a wrong password and a lock, so that trying tells nothing."""

    username = forms.CharField(
        label=_("账号"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("密码"), max_length=PASSWORD_LIMIT, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = address
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        """Find the person, or refuse; remembers the failure."""
        cleaned = super().clean() or {}
        username, password = cleaned.get("username"), cleaned.get("password")
        if not username or not password:
            return cleaned
        attempt = throttle.begin(username=username, address=self._address)
        if attempt.verdict is throttle.Verdict.FLOODED:
            raise self._refusal()
        # Tried even while locked: the answer takes the same time.
        user = authenticate(username=username, password=password)
        if attempt.verdict is throttle.Verdict.LOCKED or not isinstance(user, User):
            raise self._refusal()
        throttle.succeeded(attempt)
        self.user = user
        return cleaned

    def _refusal(self) -> forms.ValidationError:
        return forms.ValidationError(_("账号或密码不正确，或尝试次数过多。请15分钟后再试，或联系管理员。"))
