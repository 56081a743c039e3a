"""The configurations that were in force, and what each source was in them."""

import hashlib
import json
import re
from collections.abc import Iterator

from django.db.models import QuerySet

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import InvalidDocument, NotFound
from catalog_core.problems import Problem
from catalog_core.sources.configuration import Configuration
from catalog_core.sources.documents import Documents
from catalog_core.sources.models import MAX_REASON_CHARACTERS, ConfigurationRevision
from catalog_core.sources.store import StoredConfiguration

_VERSION = re.compile(r"[0-9a-f]{8,64}")
_DIGEST_CHARACTERS = 16


def record_revision(
    stored: StoredConfiguration, configuration: Configuration, *, actor: str, reason: str
) -> ConfigurationRevision:
    """Remember a configuration that comes into force, and forget the oldest ones beyond the limit.

    To be called in the transaction that puts it into force, by whoever holds the row of the configuration's state.

    Args:
        stored: the files.
        configuration: what they say.
        actor: who made it.
        reason: why.
    """
    revision = ConfigurationRevision.objects.create(
        version=stored.version,
        files=[{"name": file.name, "size": len(content)} for file, content in stored.documents],
        content=b"".join(content for _, content in stored.documents),
        entries=_entries(configuration),
        size=sum(len(content) for _, content in stored.documents),
        actor=actor[:200],
        reason=reason[:MAX_REASON_CHARACTERS],
    )
    beyond = catalog_settings().configuration_revisions
    oldest = ConfigurationRevision.objects.values_list("pk", flat=True)[beyond - 1 : beyond]
    ConfigurationRevision.objects.filter(pk__lt=min(oldest, default=0)).delete()
    return revision


def revisions(*, before: int | None = None, limit: int | None = None) -> list[ConfigurationRevision]:
    """Return revisions without their contents, the newest first.

    Args:
        before: the key of the last one on the page before.
        limit: how many at most.
    """
    return list(_listed(before)[:limit])


def source_revisions(
    section: str, source_id: str, *, before: int | None = None, limit: int | None = None
) -> list[ConfigurationRevision]:
    """Return, the newest first, the revisions in which a source is other than in the one before.

    Args:
        section: the source key of the catalog.
        source_id: the id of the source.
        before: the key of the last one on the page before.
        limit: how many at most.
    """
    pages = (one for one in _changes_of(section, source_id) if before is None or one.pk < before)
    return [one for one, _ in zip(pages, range(limit), strict=False)] if limit is not None else list(pages)


def revision(version: str) -> ConfigurationRevision:
    """Return the newest revision with a version, given whole or by its beginning.

    Args:
        version: at least 8 of the 64 hexadecimal digits.

    Raises:
        NotFound: no revision has it, or several that differ begin so.
    """
    wanted = version.strip().lower()
    if not _VERSION.fullmatch(wanted):
        raise NotFound("A revision is named by its version: 64 hexadecimal digits, or at least the first 8 of them.")
    found = list(ConfigurationRevision.objects.filter(version__startswith=wanted).values_list("pk", "version"))
    if not found:
        raise NotFound(
            f"There is no revision {wanted[:12]}; it was never in force, or so long ago that it is forgotten."
        )
    if len({known for _, known in found}) > 1:
        raise NotFound(f"Several revisions begin with {wanted}; give more digits of the one that is meant.")
    return ConfigurationRevision.objects.get(pk=found[0][0])


def predecessor(of: ConfigurationRevision) -> ConfigurationRevision | None:
    """Return the revision that was in force just before; nothing if it is not remembered."""
    return ConfigurationRevision.objects.filter(pk__lt=of.pk).first()


def documents_of(of: ConfigurationRevision, files: Documents) -> Documents:
    """Return the contents of a revision as contents of ``files``, the files that are configured now.

    Raises:
        InvalidDocument: the configuration consisted of another number of files then.
    """
    if len(of.files) != len(files):
        names = ", ".join(str(file["name"]) for file in of.files)
        message = f"This revision consists of {len(of.files)} files ({names}), and {len(files)} are configured now."
        raise InvalidDocument([Problem(message=message, rule="other-files", hint="Restore the files by hand.")])
    contents = dict(enumerate(_split(of)))
    return tuple((file, contents[index]) for index, (file, _) in enumerate(files))


def names_and_contents(of: ConfigurationRevision) -> list[tuple[str, bytes]]:
    """Return name and content of each file of a revision. The contents may hold secrets."""
    return [(str(file["name"]), content) for file, content in zip(of.files, _split(of), strict=True)]


def _split(of: ConfigurationRevision) -> Iterator[bytes]:
    content, place = bytes(of.content), 0
    for file in of.files:
        yield content[place : place + file["size"]]
        place += file["size"]


def _listed(before: int | None = None) -> QuerySet[ConfigurationRevision]:
    listed = ConfigurationRevision.objects.defer("content", "entries")
    return listed if before is None else listed.filter(pk__lt=before)


def _changes_of(section: str, source_id: str) -> Iterator[ConfigurationRevision]:
    known = ConfigurationRevision.objects.defer("content")
    for newer, older in _neighbours(known.iterator(chunk_size=20)):
        now = newer.entries.get(section, {}).get(source_id)
        if now != (older.entries.get(section, {}).get(source_id) if older else None):
            yield newer


def _neighbours(
    listed: Iterator[ConfigurationRevision],
) -> Iterator[tuple[ConfigurationRevision, ConfigurationRevision | None]]:
    newer = next(listed, None)
    while newer is not None:
        older = next(listed, None)
        yield newer, older
        newer = older


def _entries(configuration: Configuration) -> dict[str, dict[str, str]]:
    return {
        key: {spec.id: _digest(spec.as_dict()) for spec in section.sources}
        for key, section in configuration.sections.items()
    }


def _digest(entry: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:_DIGEST_CHARACTERS]
