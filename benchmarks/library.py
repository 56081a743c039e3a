"""A library to search: assets of four kinds from many sources, with texts whose words are spread as in a language.

It is the same on every machine. Of 30,000 words the commonest stands in nearly every text and the rarest in a few of a
million (Zipf's law); licenses, providers and tags are spread in the same way.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VOCABULARY = 30_000
SOURCES = 200
TAGGED_SHARE = 0.2
DEPRECATED_SHARE = 0.05

_ONSETS = ("b", "br", "c", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "tr", "v")
_RHYMES = ("a", "al", "an", "e", "el", "er", "i", "in", "is", "o", "on", "or", "u", "um", "us")
_SYLLABLES = tuple(onset + rhyme for onset in _ONSETS for rhyme in _RHYMES)
_LICENSES = tuple(f"License-{number}.0" for number in range(24))
_PROVIDERS = tuple(f"Provider {number}" for number in range(80))
_CATEGORIES = tuple(f"category {number}" for number in range(40))
_MODES = ("local", "remote", "hybrid")
TAGS = tuple(f"tag-{number}" for number in range(60))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of asset: the plugin that has it, its name, and the key of its entities in a data file."""

    plugin: str
    name: str
    key: str


KINDS = (
    Kind("mcp", "McpServer", "mcpservers"),
    Kind("agents", "Agent", "agents"),
    Kind("skills", "Skill", "skills"),
    Kind("prompts", "PromptTemplate", "prompttemplates"),
)


class Zipf:
    """Draws things of which the n-th is drawn 1/n as often as the first."""

    def __init__(self, things: Sequence[str]) -> None:
        self._things = things
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, len(things) + 1)))

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return ``count`` of them, with repetitions."""
        return chance.choices(self._things, cum_weights=self._weights, k=count)


def vocabulary() -> list[str]:
    """Return the words, the commonest first; those are the shortest, too."""
    chance = random.Random(6)
    words: dict[str, None] = {}
    for length, until in ((2, 2_000), (3, 14_000), (4, VOCABULARY)):
        while len(words) < until:
            words["".join(chance.choices(_SYLLABLES, k=length))] = None
    return list(words)


def write_library(folder: Path, count: int) -> None:
    """Write ``sources.yaml`` and the data files of ``count`` assets."""
    words = vocabulary()
    catalogs: dict[str, Any] = {kind.plugin: {"sources": []} for kind in KINDS}
    for number in range(SOURCES):
        kind = KINDS[number % len(KINDS)]
        name = f"{kind.plugin}-{number:03d}"
        share = range(number, count, SOURCES)
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(item)}\n" for item in _items(kind, number, share, words))
        properties = {"yamlCatalogPath": f"{name}.jsonl"}
        catalogs[kind.plugin]["sources"].append({"id": name, "name": name, "type": "yaml", "properties": properties})
    (folder / "sources.yaml").write_text(json.dumps({"catalogs": catalogs}), encoding="utf-8")


def _items(kind: Kind, source: int, numbers: range, words: Sequence[str]) -> Iterator[dict[str, Any]]:
    chance = random.Random(source)
    spread, licenses, providers = Zipf(words), Zipf(_LICENSES), Zipf(_PROVIDERS)
    for number in numbers:
        first, second = spread.draw(chance, 2)
        item = {
            "name": f"org-{number % 997}/{first}-{second}-{number}",
            "description": " ".join(spread.draw(chance, chance.randint(20, 40))),
            "license": licenses.draw(chance, 1)[0],
        }
        if kind.plugin == "mcp":
            item["provider"] = providers.draw(chance, 1)[0]
            item["category"] = chance.choice(_CATEGORIES)
            item["deploymentMode"] = chance.choice(_MODES)
        yield item
