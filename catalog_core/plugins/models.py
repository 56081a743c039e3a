"""What all processes of an installation share about its plugins: how they are, and those that come from folders."""

from pathlib import PurePath

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


class PluginFolderQuerySet(models.QuerySet["PluginFolder"]):
    """Folders with plugins, and those that are gone."""

    def present(self) -> "PluginFolderQuerySet":
        """Return those that are there."""
        return self.filter(removed_at=None)


class PluginFolder(models.Model):
    """A folder with ``plugin.yaml`` and ``catalog.yaml``: the two texts in force, and what was seen there last.

    A version that is not valid is noted in ``problems``; the last valid one stays in force. ``name`` and ``kind`` are
    those of the version in force; a folder that never held a valid one has neither.
    """

    folder = models.CharField(max_length=1000, help_text="Where it is, as the reconciler sees it.")
    root = models.CharField(max_length=1000, help_text="The entry of CATALOG_PLUGIN_FOLDERS that it was found by.")
    name = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=100, blank=True)
    plugin_yaml = models.TextField(blank=True)
    catalog_yaml = models.TextField(blank=True)
    digest = models.CharField(max_length=32, blank=True, help_text="Of the texts in force; empty if there are none.")
    seen_digest = models.CharField(max_length=32, help_text="Of the texts that were seen last.")
    problems = models.JSONField(default=list, blank=True, help_text="What is wrong with the texts that were seen last.")
    changed_at = models.DateTimeField(auto_now=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PluginFolderQuerySet.as_manager()

    class Meta:
        """First come, first served."""

        ordering = ("pk",)

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name of the folder, without where it is."""
        return PurePath(self.folder).name
