"""The configuration, and what was in force before."""

from rest_framework import serializers

from catalog_core.api.management.serializers.checking import FindingSerializer
from catalog_core.api.management.serializers.sources import StatusSerializer


class RevisionSerializer(serializers.Serializer):
    """A configuration that was in force."""

    version = serializers.CharField(help_text="The first 8 digits of the digest.")
    timestamp = serializers.DateTimeField()
    size = serializers.IntegerField(help_text="In bytes.")
    digest = serializers.CharField(help_text="SHA-256 of the configuration, in hexadecimal.")
    actor = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class RevisionListSerializer(serializers.Serializer):
    """Configurations that were in force, the newest first."""

    revisions = RevisionSerializer(many=True)
    count = serializers.IntegerField()


class RevisionPageSerializer(RevisionListSerializer):
    """A page of the configurations that were in force, the newest first."""

    nextPageToken = serializers.CharField(allow_blank=True)


class RevisionDetailSerializer(RevisionSerializer):
    """A configuration that was in force, and what it changed."""

    files = serializers.ListField(child=serializers.CharField())
    diff = serializers.CharField(allow_blank=True, help_text="Unified, against the one before; secrets are hidden.")


class RollbackSerializer(serializers.Serializer):
    """Which revision to go back to."""

    version = serializers.CharField(help_text="The digest of the revision, or at least its first 8 digits.")


class RolledBackSerializer(StatusSerializer):
    """A rollback that was done."""

    version = serializers.CharField(help_text="The digest of the configuration in force now.")


class ConfigurationSerializer(serializers.Serializer):
    """The configuration in force."""

    version = serializers.CharField(allow_blank=True)
    store = serializers.CharField(help_text="Where it is kept: file, database, k8s or none.")
    writable = serializers.BooleanField()
    readOnlyReason = serializers.CharField(required=False)
    appliedAt = serializers.DateTimeField(required=False)
    checkedAt = serializers.DateTimeField(required=False)
    summary = serializers.CharField(required=False)
    error = serializers.CharField(required=False, help_text="Why what the store holds now is not in force.")
    problems = FindingSerializer(many=True, help_text="What is wrong with single entries.")
    catalogs = serializers.DictField(child=serializers.DictField(), help_text="The sources, by key of the catalog.")
