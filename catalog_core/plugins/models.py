"""How the plugins of this installation are doing, shared by all its processes."""

from django.db import models


class PluginState(models.Model):
    """The outcome of the last attempt to bring a plugin up."""

    name = models.CharField(max_length=100, primary_key=True)
    version = models.CharField(max_length=50, blank=True)
    serving = models.BooleanField(default=False)
    stage = models.CharField(max_length=20, blank=True, help_text="Where it failed, or the last stage it passed.")
    error = models.TextField(blank=True)
    traceback = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0, help_text="Failed attempts since the last one that worked.")
    changed_at = models.DateTimeField(auto_now=True)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Plugins are listed by name, and called so where people see them."""

        verbose_name = "plugin"
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} ({'serving' if self.serving else f'failed at {self.stage}'})"
