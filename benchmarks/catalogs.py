"""Catalogs to measure with: MCP servers of 15 fields, the same on every machine."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROVIDERS = 500
"""So many different providers there are; with 10,000 entities each of them has 20."""

_WORDS = (
    *("search", "index", "calendar", "mail", "ticket", "database", "vector", "graph", "weather", "map", "payment"),
    *("invoice", "browser", "crawler", "file", "archive", "image", "speech", "translation", "schedule", "repository"),
    *("pipeline", "secret", "metric", "trace", "alert", "chat", "memory", "agent", "prompt"),
)
_MODES = ("local", "remote", "hybrid")
_LICENSES = ("Apache-2.0", "MIT", "BSD-3-Clause", "GPL-3.0-only")


def name_of(number: int) -> str:
    """Return the name of an entity; names sort like numbers."""
    return f"server-{number:07d}"


def provider_of(number: int) -> str:
    """Return who offers an entity."""
    return f"Provider {number % PROVIDERS:03d}"


def entity(number: int, *, edition: int = 0) -> dict[str, Any]:
    """Return one entity as a data file holds it.

    Args:
        number: which one.
        edition: another edition has another description.
    """
    words = [_WORDS[(number * step + step) % len(_WORDS)] for step in (1, 3, 7, 11, 13)]
    name = name_of(number)
    return {
        "name": name,
        "description": f"Offers {', '.join(words[:4])} and {words[4]} to assistants, edition {edition}.",
        "serverUrl": f"https://mcp.example.org/servers/{name}",
        "transportType": ("stdio", "sse", "http", "streamable-http")[number % 4],
        "toolCount": number % 40,
        "resourceCount": number % 7,
        "promptCount": number % 5,
        "deploymentMode": _MODES[number % 3],
        "image": f"registry.example.org/mcp/{name}:1.{number % 20}.0",
        "endpoint": f"https://{name}.example.org/mcp",
        "supportedTransports": "stdio,http",
        "license": _LICENSES[number % 4],
        "provider": provider_of(number),
        "logo": f"https://cdn.example.org/logos/{number % 97}.svg",
        "category": f"{words[0]} tools",
        "verified": number % 2 == 0,
        "certified": number % 5 == 0,
    }


def write_catalog(path: Path, count: int, *, changed: frozenset[int] = frozenset(), edition: int = 1) -> None:
    """Write a data file, as JSON, JSON Lines or YAML after its name.

    Args:
        path: the file; replaced at once, as whoever publishes a catalog should do it.
        count: how many entities.
        changed: which of them are of another edition.
        edition: that edition.
    """
    entities = (entity(number, edition=edition if number in changed else 0) for number in range(count))
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.writelines(_lines(path.suffix, entities))
    fresh.replace(path)


def write_sources(path: Path, files: list[Path]) -> None:
    """Write a configuration that names one source for each of ``files``, as paths relative to it."""
    sources = [
        {"id": file.stem, "name": file.stem, "type": "yaml", "properties": {"yamlCatalogPath": _relative(file, path)}}
        for file in files
    ]
    path.write_text(json.dumps({"catalogs": {"mcp": {"sources": sources}}}, indent=1), encoding="utf-8")


def _relative(file: Path, configuration: Path) -> str:
    return str(file.relative_to(configuration.parent))


def _lines(suffix: str, entities: Iterator[dict[str, Any]]) -> Iterator[str]:
    if suffix == ".jsonl":
        yield from (json.dumps(item) + "\n" for item in entities)
    elif suffix == ".json":
        yield '{"mcpservers": [\n'
        for position, item in enumerate(entities):
            yield (",\n" if position else "") + json.dumps(item)
        yield "\n]}\n"
    else:
        yield "mcpservers:\n"
        for item in entities:
            rows = [f"{key}: {json.dumps(value)}\n" for key, value in item.items()]
            yield "  - " + "    ".join(rows)
