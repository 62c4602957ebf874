"""By what the likes of a question are found: its words without filling and, once it is answered, a few numbers made of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from interview.models import Programme, Question


class Indexed(models.Model):
    """A question in the index of similar questions; a withdrawn one is in it no more, and one whose text changed has another row.

    `told` is its text as shingles.bare() makes it. `group` is the first question of those of its programme that ask alike, itself
    where there is none before it. `shelved` says that it stands among the past answers, too.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="indexed")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="+", db_index=False)
    told = models.TextField()
    group = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="grouped")
    shelved = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("相似提问索引")
        indexes = [
            # Few are not shelved among hundreds of thousands that are.
            models.Index(fields=["id"], condition=models.Q(shelved=False), name="not_shelved"),
            # Those of a programme that came since.
            models.Index(fields=["programme", "id"], name="indexed_of_programme"),
        ]

    def __str__(self) -> str:
        return str(self.question_id)


class Fingerprint(models.Model):
    """One number of shingles.numbers() that stands for a question; the key is the index, and all there is."""

    pk = models.CompositePrimaryKey("number", "indexed_id")
    number = models.BigIntegerField()
    indexed = models.ForeignKey(Indexed, on_delete=models.CASCADE, related_name="fingerprints")

    class Meta:
        verbose_name = _("指纹")

    def __str__(self) -> str:
        return f"{self.number:x} {self.indexed_id}"
