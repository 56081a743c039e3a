"""Content that was read and refused, remembered so that it is not read again until it has changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from catalog_core.exceptions import SourceError, SourceHeldBack, SourceInvalid
from catalog_core.sources.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """Why the last content of a source was not taken over.

    Attributes:
        message: what is wrong with it.
        held_back: whether it would be taken over if somebody forced it; else it is not valid.
        cursor: the provider's note of that content.
        spec_digest: how the source was configured when it was read.
        translation: the code that refused it.
    """

    message: str
    held_back: bool
    cursor: Mapping[str, Any]
    spec_digest: str
    translation: str

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, for :attr:`Source.rejected`."""
        return asdict(self)

    def error(self) -> SourceError:
        """Return the error that a refresh ends with while the content is still the same."""
        return SourceHeldBack(self.message) if self.held_back else SourceInvalid(self.message)


def standing_rejection(source: Source, translation: str) -> Rejection | None:
    """Return the rejection of what the source held last, or nothing if it would be read in another way by now.

    Args:
        source: the source.
        translation: the code that would make its entities now.
    """
    if not source.rejected:
        return None
    rejection = Rejection(**source.rejected)
    still_holds = (rejection.spec_digest, rejection.translation) == (source.spec_digest, translation)
    return rejection if still_holds else None
