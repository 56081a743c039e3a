"""How far a refresh is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a refresh is, as far as can be told at its present step.

    Attributes:
        step: what is being done, in words.
        bytes_read: size of everything that the provider has read, in bytes.
        items_read: items that were looked at.
        items_written: entities that were stored.
    """

    step: str
    bytes_read: int = 0
    items_read: int = 0
    items_written: int = 0
