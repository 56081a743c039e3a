"""Sources as the database knows them: what the configuration wishes, and how the last refresh went."""

from django.db import models

MAX_REASON_CHARACTERS = 500
"""How much a revision says at most about why it was made."""
CONFIGURATION_FAULT = "configuration"
"""The error code of a source whose entry in the configuration is wrong."""


class SourceState(models.TextChoices):
    """What a source is doing, as the API says it."""

    LOADING = "loading"
    AVAILABLE = "available"
    PARTIALLY_AVAILABLE = "partially-available"
    ERROR = "error"
    DISABLED = "disabled"


class SourceQuerySet(models.QuerySet["Source"]):
    """Queries over sources that several modules need."""

    def configured(self) -> "SourceQuerySet":
        """Return the sources that the configuration in force names, in its order."""
        return self.filter(removed_at=None).order_by("plugin", "position", "id")

    def visible(self) -> "SourceQuerySet":
        """Return the sources whose entities readers see."""
        return self.configured().filter(enabled=True)


class Source(models.Model):
    """One source of one plugin: an entry of ``sources.yaml`` and the outcome of reading it.

    ``revision`` is what people call the state that is served; ``cursor`` is the provider's own note of it. ``rejected``
    is about content that was read later and refused; empty if the state that is served is the last that was read.
    """

    namespace = models.CharField(max_length=63, default="default")
    plugin = models.CharField(max_length=100)
    key = models.CharField(max_length=200, help_text="The id of the source in sources.yaml.")
    name = models.CharField(max_length=300)
    type = models.CharField(max_length=50)
    enabled = models.BooleanField(default=True)
    labels = models.JSONField(default=list, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    included_items = models.JSONField(default=list, blank=True)
    excluded_items = models.JSONField(default=list, blank=True)
    origin = models.CharField(max_length=1000, blank=True, help_text="The configuration file that names the source.")
    position = models.PositiveIntegerField(default=0, help_text="Its place among the sources of its plugin.")
    spec_digest = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=20, choices=SourceState.choices, default=SourceState.LOADING)
    error = models.TextField(blank=True)
    error_code = models.CharField(max_length=50, blank=True)
    entity_count = models.PositiveIntegerField(default=0)
    set_aside_count = models.PositiveIntegerField(default=0)
    stale_count = models.PositiveIntegerField(default=0)
    revision = models.CharField(max_length=200, blank=True)
    cursor = models.JSONField(default=dict, blank=True)
    translation = models.CharField(max_length=64, blank=True, help_text="What the stored entities were made with.")
    read_digest = models.CharField(max_length=64, blank=True, help_text="The spec_digest that the cursor belongs to.")
    rejected = models.JSONField(default=dict, blank=True, help_text="A Rejection as a mapping.")
    last_refresh_at = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    last_duration_ms = models.PositiveIntegerField(null=True, blank=True)
    last_summary = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="Refreshes that failed since the last one that worked.")
    next_refresh_at = models.DateTimeField(null=True, blank=True)
    refresh_asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last asked for a refresh.")

    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        """One row for each id within a plugin and namespace."""

        ordering = ("plugin", "position", "id")
        constraints = (
            models.UniqueConstraint(fields=("namespace", "plugin", "key"), name="source_key_unique_in_plugin"),
        )

    def __str__(self) -> str:
        return f"{self.plugin}/{self.key}"


class SetAside(models.Model):
    """Something in a source that could not be taken over, or only with reservations, and why."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="set_aside")
    position = models.PositiveIntegerField(help_text="Its place in the list of problems.")
    item_name = models.CharField(max_length=512, blank=True)
    item_line = models.PositiveIntegerField(null=True, blank=True, help_text="Where the item began in its file.")
    problem = models.JSONField(help_text="A Problem as a mapping.")

    class Meta:
        """Problems are listed in the order in which they were found."""

        verbose_name = "set-aside item"
        ordering = ("source", "position")
        constraints = (models.UniqueConstraint(fields=("source", "position"), name="set_aside_position_unique"),)

    def __str__(self) -> str:
        return f"{self.item_name or 'item'}: {self.problem.get('message', '')}"


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

    class Meta:
        """There is one."""

        verbose_name = verbose_name_plural = "configuration"

    def __str__(self) -> str:
        return f"configuration {self.version[:8] or '(none)'}"

    @classmethod
    def current(cls) -> "ConfigurationState":
        """Return the row, unsaved if there is none yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def locked(cls) -> "ConfigurationState":
        """Return the row, and keep everybody else who asks for it so waiting until the transaction is over."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]


class StoredDocument(models.Model):
    """The configuration itself, where the database is its store; one row, with key 1."""

    content = models.BinaryField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"configuration of {len(self.content)} bytes"


class ConfigurationRevision(models.Model):
    """A configuration that came into force once. The content holds whatever its author wrote, so it is never shown."""

    version = models.CharField(max_length=64, db_index=True, help_text="SHA-256 of the content.")
    files = models.JSONField(help_text="Name and size in bytes of each file.")
    content = models.BinaryField(help_text="The contents of all files, one after the other.")
    entries = models.JSONField(default=dict, help_text="A digest of each source, by section and id.")
    size = models.PositiveIntegerField(help_text="In bytes.")
    actor = models.CharField(max_length=200, help_text="Who made it; file if it was found changed on disk.")
    reason = models.CharField(max_length=MAX_REASON_CHARACTERS, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        return f"revision {self.version[:8]} by {self.actor}"
