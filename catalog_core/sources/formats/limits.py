"""How much of a document is read before it is refused."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatLimits:
    """Bounds of one document; whatever it holds, reading it costs no more than these allow.

    Attributes:
        max_bytes: size of the document, in bytes.
        max_depth: mappings and lists inside each other, the outermost counted; at most 100, as values are built by
            recursion, which Python bounds.
        max_values: values, mappings and lists counted like scalars, each alias with all that it stands for.
        max_alias_characters: characters that all aliases together stand for. The values they name are shared, not
            copied, but whoever writes them out as JSON pays for every copy.
        max_alias_factor: how many times the bytes read so far these characters may be, once past the first mebibyte.

    Raises:
        ValueError: ``max_depth`` is not between 1 and 100.
    """

    max_bytes: int = 256 * MEBIBYTE
    max_depth: int = 100
    max_values: int = 20_000_000
    max_alias_characters: int = 64 * MEBIBYTE
    max_alias_factor: int = 50

    def __post_init__(self) -> None:
        if not 1 <= self.max_depth <= 100:
            raise ValueError(f"max_depth is {self.max_depth}; it has to lie between 1 and 100.")

    def alias_characters(self, bytes_read: int) -> int:
        """Return how many characters aliases may stand for in a document of which so many bytes are read."""
        return min(self.max_alias_characters, MEBIBYTE + self.max_alias_factor * bytes_read)


CONFIGURATION_LIMITS = FormatLimits(
    max_bytes=MEBIBYTE, max_depth=50, max_values=200_000, max_alias_characters=4 * MEBIBYTE
)
"""For small documents that people write: ``sources.yaml``, ``plugin.yaml``, ``catalog.yaml``."""
