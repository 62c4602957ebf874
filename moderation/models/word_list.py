"""Lists of words that screening looks for."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.identifiers import new_id


class WordList(models.Model):
    """Words of one category and what follows when one is found: marked, put on hold, or refused at once."""

    class Consequence(models.TextChoices):
        MARK = "mark", _("标出")
        HOLD = "hold", _("搁置")
        REFUSE = "refuse", _("拒收")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("名称"), max_length=40, unique=True)
    category = models.CharField(_("类别"), max_length=40)
    consequence = models.CharField(_("后果"), max_length=16, choices=Consequence, default=Consequence.MARK)
    pinyin = models.BooleanField(_("拼音也算"), default=False)
    enabled = models.BooleanField(_("启用"), default=True)
    # Grows with every change of the list or its words: by the sum of all a process sees that its automaton is old.
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        verbose_name = _("词表")

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """One word of one list; `innocent` ones are honest longer words in which a listed word appears by accident."""

    list = models.ForeignKey(WordList, on_delete=models.CASCADE, related_name="words")
    text = models.CharField(max_length=60)
    innocent = models.BooleanField(default=False)

    class Meta:
        ordering = ["list", "text"]
        verbose_name = _("词")
        constraints = [models.UniqueConstraint(fields=["list", "text"], name="one_row_per_word_and_list")]

    def __str__(self) -> str:
        return self.text
