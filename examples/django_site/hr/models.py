"""The site's own tables. What is personal or free text stays here; the ledger takes neither."""

from django.conf import settings
from django.db import models


class Candidate(models.Model):
    """An employee in the program, and the case that the ledger keeps."""

    employee_id = models.CharField(max_length=40, unique=True)
    case = models.SlugField(max_length=40, unique=True)

    def __str__(self) -> str:
        return f"{self.employee_id}: case {self.case}"


class Entry(models.Model):
    """What the site keeps beside a record of the ledger: who was logged in, and their note."""

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT)
    record = models.PositiveBigIntegerField(unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"record {self.record}"
