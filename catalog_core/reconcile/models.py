"""What the reconciler remembers between two runs."""

from django.db import models


class ConfigurationState(models.Model):
    """The configuration in force and the outcome of the last look at it; one row, with key 1."""

    version = models.CharField(max_length=64, blank=True, help_text="Digest of the configuration in force.")
    seen_version = models.CharField(max_length=64, blank=True, help_text="Digest of what was last read, good or bad.")
    sections = models.JSONField(default=dict, help_text="Labels and named queries by plugin.")
    problems = models.JSONField(default=list, help_text="What is wrong with the configuration, as Problems.")
    error = models.TextField(blank=True, help_text="Why the configuration could not be taken over as a whole.")
    applied_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    summary = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"configuration {self.version[:8] or '(none)'}"

    @classmethod
    def current(cls) -> "ConfigurationState":
        """Return the row, unsaved if there is none yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
