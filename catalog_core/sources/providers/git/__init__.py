"""The provider ``git``: files of a git repository, read with the ``git`` command and never checked out."""

from catalog_core.sources.providers.git.provider import GitProvider

__all__ = ["GitProvider"]
