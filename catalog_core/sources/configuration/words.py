"""Words for true and false that configuration files of other servers use."""

_TRUE = frozenset({"yes", "y", "on"})
_FALSE = frozenset({"no", "n", "off"})


def boolean_of(value: object) -> bool | None:
    """Return the truth value that ``value`` stands for, or ``None`` if it stands for none.

    ``yes``, ``on``, ``no`` and the like are truth values in YAML 1.1, and text since. The text ``true`` is none: to be
    text it was put in quotes.
    """
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    return True if word in _TRUE else False if word in _FALSE else None
