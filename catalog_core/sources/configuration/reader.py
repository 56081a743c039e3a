"""Reading values of a configuration document strictly, and noting every problem with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from catalog_core.problems import Problem, did_you_mean
from catalog_core.sources.configuration.words import boolean_of
from catalog_core.sources.formats import Document, Path, path_text, shortened


@dataclass(slots=True)
class Reader:
    """Gives values of the wanted type, or ``None`` after noting a problem.

    What calls it decides by ``errors`` whether something went wrong since, and what is left out because of that.
    """

    document: Document
    problems: list[Problem] = field(default_factory=list)
    errors: int = 0

    def error(self, path: Path, message: str, rule: str, hint: str = "", *, at_key: bool = False) -> None:
        """Note something because of which a part of the configuration is left out."""
        self.errors += 1
        self.problems.append(self.document.problem(path, message, rule, hint, at_key=at_key))

    def warning(self, path: Path, message: str, rule: str, hint: str = "", *, at_key: bool = False) -> None:
        """Note something that is not right but understood."""
        self.problems.append(self.document.problem(path, message, rule, hint, at_key=at_key, is_warning=True))

    def value(self, path: Path) -> Any:
        """Return what stands at ``path``, which exists."""
        value = self.document.value
        for step in path:
            value = value[step]
        return value

    def faults(self, path: Path) -> None:
        """Note what is wrong with the YAML at ``path`` and below."""
        for fault in self.document.faults:
            if fault.path()[: len(path)] == path:
                self.errors += 1
                self.problems.append(fault.problem(self.document.file))

    def fields(self, path: Path, known: Iterable[str]) -> dict[str, Path]:
        """Return where the known keys of a mapping stand; keys without a value are as good as absent.

        The case of letters does not matter to servers that this format comes from, so it is an offence but no error.
        """
        spellings = {name.lower(): name for name in known}
        found: dict[str, Path] = {}
        for key, value in self.mapping(path).items():
            name = spellings.get(key.lower())
            if name is None:
                message = f'The key "{shortened(key)}" is not known here.'
                self.error((*path, key), message, "unknown-key", did_you_mean(key, known), at_key=True)
            elif name in found:
                hint = "Remove one of the two."
                self.error((*path, key), f'The key "{name}" stands twice here.', "duplicate-key", hint, at_key=True)
            else:
                if key != name:
                    message = f'The key "{key}" is taken as "{name}".'
                    self.warning((*path, key), message, "key-case", f'Write "{name}".', at_key=True)
                if value is not None:
                    found[name] = (*path, key)
        return found

    def mapping(self, path: Path) -> dict[str, Any]:
        """Return the mapping at ``path``; an empty one after noting that there is something else."""
        value = self.value(path)
        if isinstance(value, dict):
            return value
        if value is not None:
            self.error(path, f"{_name(path)} has to be a mapping.", "wrong-type", 'Write it as "key: value".')
        return {}

    def elements(self, path: Path) -> list[Path]:
        """Return where the elements of the list at ``path`` stand; none after noting that there is something else."""
        value = self.value(path)
        if isinstance(value, list):
            return [(*path, position) for position in range(len(value))]
        if value is not None:
            self.error(path, f"{_name(path)} has to be a list.", "wrong-type", 'Begin each element with "- ".')
        return []

    def text(self, path: Path) -> str:
        """Return the text at ``path``, a number as it is written; empty after noting that there is something else."""
        value = self.value(path)
        if isinstance(value, bool | int | float):
            written = self.document.text(path)
            text = str(value) if written is None else written
            self.warning(path, f"{_name(path)} is taken as text.", "number-as-text", "Put it in quotes.")
            return text
        if not isinstance(value, str):
            self.error(path, f"{_name(path)} has to be text.", "wrong-type")
            return ""
        if any(ord(character) < 32 for character in value):
            self.error(path, f"{_name(path)} has a control character in it.", "control-character", "Remove it.")
        return value

    def texts(self, path: Path) -> tuple[str, ...]:
        """Return the list of texts at ``path``."""
        return tuple(self.text(element) for element in self.elements(path))

    def boolean(self, path: Path) -> bool:
        """Return the truth value at ``path``; true after noting that there is something else."""
        truth = boolean_of(self.value(path))
        if truth is None:
            hint = "Write true or false, without quotes."
            self.error(path, f"{_name(path)} is neither true nor false.", "wrong-type", hint)
        return truth is not False


def _name(path: Path) -> str:
    """Return what to call the value at ``path`` in a message."""
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    whole = f'"{path_text((last,))}"' if last else "The document"
    return f"An element of {whole}" if path and isinstance(path[-1], int) else whole
