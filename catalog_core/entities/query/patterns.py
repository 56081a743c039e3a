"""``LIKE`` patterns, read once and written in the dialect of each database.

SQLite's ``LIKE`` ignores the case of ASCII letters and PostgreSQL's ``ILIKE`` depends on the locale of the database, so
neither is used as it is: the same pattern has to find the same rows everywhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WILDCARDS = 16
"""Most ``%`` of one pattern: each multiplies what the database may have to try."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in which ``%`` stands for any text, ``_`` for one character, and a backslash takes that meaning away.

    Attributes:
        text: the pattern as written.
        ignore_case: whether letters match their upper and lower case forms.
    """

    text: str
    ignore_case: bool = False

    @property
    def wildcards(self) -> int:
        """How many ``%`` the pattern has; neighbours count as one."""
        return sum(piece == "%" for piece in self._pieces())

    def like(self) -> str:
        r"""Return the pattern for ``LIKE … ESCAPE '\'``, case-sensitive as PostgreSQL understands it."""
        return "".join(self._pieces())

    def glob(self) -> str:
        """Return the pattern for SQLite's ``GLOB``."""
        return "".join({"%": "*", "_": "?"}.get(piece) or _glob(self._forms(piece)) for piece in self._pieces())

    def regex(self) -> str:
        """Return the pattern as an anchored regular expression of PostgreSQL."""
        inner = "".join({"%": ".*", "_": "."}.get(piece) or _regex(self._forms(piece)) for piece in self._pieces())
        return f"^{inner}$"

    def _pieces(self) -> Iterator[str]:
        r"""Give ``%``, ``_`` and characters, those with a meaning of their own as a backslash and the character."""
        previous = ""
        for found in re.findall(r"\\?.", self.text, re.DOTALL):  # a backslash at the end stands for itself
            character = found[-1]
            literal = len(found) == 2 or character == "\\"
            piece = f"\\{character}" if literal and character in "%_\\" else character
            if not (piece == "%" == previous):
                yield piece
            previous = piece

    def _forms(self, piece: str) -> str:
        character = piece[-1]
        if not self.ignore_case:
            return character
        upper = character.upper()
        forms = {character, character.lower(), upper, upper.lower()}
        return "".join(sorted(form for form in forms if len(form) == 1))


def _glob(forms: str) -> str:
    return f"[{forms}]" if len(forms) > 1 or forms in "*?[" else forms


def _regex(forms: str) -> str:
    return f"[{forms}]" if len(forms) > 1 else re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", forms)
