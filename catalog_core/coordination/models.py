"""Leases: what keeps two processes, wherever they run, from doing the same thing at the same time."""

from django.db import models


class Lease(models.Model):
    """The right to do one named thing, held by one process until a time."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.CharField(max_length=100)
    until = models.DateTimeField()

    class Meta:
        """Leases are listed by name."""

        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} held by {self.holder}"
