"""The checks of the layers of validation, each a function from a wish to its problems."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from catalog_core.administration.contents import CONTENT_PROPERTY
from catalog_core.administration.redaction import inline_secrets
from catalog_core.administration.trial import default_origin
from catalog_core.administration.wish import ANSWER_KEYS, REQUEST_KEYS, Wish
from catalog_core.conf import catalog_settings
from catalog_core.entities.refresh.changes import Changes
from catalog_core.entities.refresh.inventory import Inventory
from catalog_core.entities.refresh.plan import Planner, RefreshPlan
from catalog_core.entities.translation import describe
from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem, did_you_mean
from catalog_core.sources.configuration import USUAL_ID, NamePatterns, check_properties
from catalog_core.sources.formats import Item, iter_items, path_text
from catalog_core.sources.providers import provider_for, provider_types
from catalog_core.sources.providers.file_formats import format_of_name
from catalog_core.sources.reading import declared_properties, unusable_values

MAX_ID_CHARACTERS = 200
MAX_NAME_CHARACTERS = 256
MAX_TYPE_CHARACTERS = 50

_CONTENT = f"properties.{CONTENT_PROPERTY}"
_ABOUT_STRUCTURE = frozenset({"missing-key", "wrong-type", "empty"})
"""Rules about what a document has to look like for this catalog; the others make it no document at all."""


def content_faults(wish: Wish) -> Iterator[Problem]:
    """Yield why the content of the file is not YAML (or JSON, where its path says so): the layer ``yaml_parse``."""
    if wish.content is None:
        return
    try:
        for item in _items(wish, wish.content):
            yield from (_in_content(problem) for problem in item.problems if problem.severity == "error")
    except InvalidDocument as error:
        yield from (_in_content(problem) for problem in error.problems if problem.rule not in _ABOUT_STRUCTURE)


def known_fields(wish: Wish) -> Iterator[Problem]:
    """Yield the keys that the request must not have, and values of a wrong type: the layer ``strict_fields``."""
    for key, value in wish.body.items():
        if key in ANSWER_KEYS or value is None:
            continue
        if key not in REQUEST_KEYS:
            hint = did_you_mean(key, REQUEST_KEYS)
            yield Problem(
                message=f'The key "{key[:80]}" is not known here.', rule="unknown-key", hint=hint, path=key[:80]
            )
        elif not _TYPES[key][0](value):
            message = f"This is {describe(value)}; it has to be {_TYPES[key][1]}."
            yield Problem(message=message, rule="wrong-type", path=key)
    properties = wish.body.get("properties")
    content = properties.get(CONTENT_PROPERTY) if isinstance(properties, dict) and wish.has_file else None
    if content is not None and not isinstance(content, str):
        yield Problem(message="The content of a file has to be text.", rule="wrong-type", path=_CONTENT)


def usual_meaning(wish: Wish) -> Iterator[Problem]:
    """Yield what is missing or out of bounds, whatever the type of source: the layer ``semantic``."""
    for key, longest in (("id", MAX_ID_CHARACTERS), ("name", MAX_NAME_CHARACTERS), ("type", MAX_TYPE_CHARACTERS)):
        value = wish.body.get(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield Problem(message=f'"{key}" is missing.', rule=f"missing-{key}", hint=_MISSING[key], path=key)
        elif isinstance(value, str):
            yield from _text_problems(key, value, longest)
    identity = wish.body.get("id")
    if isinstance(identity, str) and identity.strip() and not USUAL_ID.fullmatch(identity):
        yield _unusual_id(identity, is_in_use=wish.stored is not None and wish.stored.key == identity)
    for key in ("includedItems", "excludedItems"):
        yield from _pattern_problems(key, wish.body.get(key))


def plain_secrets(wish: Wish) -> Iterator[Problem]:
    """Yield where a credential stands in the open: the layer ``security_warnings``, which fails nothing."""
    source_type = wish.body.get("type")
    for path in inline_secrets(source_type if isinstance(source_type, str) else "", wish.properties):
        yield Problem(
            message="A credential stands here in the open.",
            rule="plain-secret",
            hint="Refer to it instead: {env: NAME}, {file: PATH}, or {name: NAME, key: KEY} for a Kubernetes Secret.",
            path=path_text(("properties", *path)),
            severity="warning",
        )


def provider_rules(wish: Wish) -> Iterator[Problem]:
    """Yield what does not suit the type of source or the kind of asset: the layer ``provider``."""
    source_type = wish.body.get("type")
    if not isinstance(source_type, str) or not source_type.strip():
        return  # said by an earlier layer
    allowed = wish.plugin.source_types or provider_types()
    provider = provider_for(source_type) if source_type in allowed else None
    if provider is None:
        message = f'{wish.plugin.name} has no sources of type "{source_type[:80]}".'
        yield Problem(message=message, rule="unknown-type", hint=did_you_mean(source_type, allowed), path="type")
        return
    _, problems = check_properties(wish.properties, declared_properties(provider))
    yield from problems
    if all(problem.severity == "warning" for problem in problems):
        yield from unusable_values(provider, wish.properties, origin=_origin(wish))
    if wish.content is not None:
        yield from _content_problems(wish, wish.content)


def _unusual_id(identity: str, *, is_in_use: bool) -> Problem:
    """Return what is said of an id that files may have and new sources may not: one in use can only be kept."""
    hint = "Use lower-case letters, digits, - and _, and begin with a letter or digit."
    if is_in_use:
        message = f'The id "{identity[:80]}" is unusual.'
        return Problem(message=message, rule="unusual-id", hint=hint, path="id", severity="warning")
    return Problem(message=f'The id "{identity[:80]}" cannot be used.', rule="bad-id", hint=hint, path="id")


def _origin(wish: Wish) -> str:
    return wish.stored.origin if wish.stored and wish.stored.origin else default_origin()


def _text_problems(key: str, value: str, longest: int) -> Iterator[Problem]:
    if len(value) > longest:
        message = f"This has {len(value)} characters; {longest} are allowed."
        yield Problem(message=message, rule="too-long", hint="Shorten it.", path=key)
    if any(ord(character) < 32 for character in value):
        yield Problem(message="This has a control character in it.", rule="control-character", path=key)


def _pattern_problems(key: str, patterns: Any) -> Iterator[Problem]:
    for index, pattern in enumerate(patterns if _is_text_list(patterns) else ()):
        try:
            NamePatterns([pattern])
        except ValueError as error:
            yield Problem(message=str(error), rule="bad-pattern", path=f"{key}[{index}]")


def _content_problems(wish: Wish, content: str) -> Iterator[Problem]:
    """Yield what is wrong with the items of the content, as a refresh would find it."""
    patterns = NamePatterns(*(_usable_patterns(wish.body.get(key)) for key in ("includedItems", "excludedItems")))
    planner = Planner(plugin=wish.plugin, shown_source=("", ""), patterns=patterns, earlier_remarks={})
    plan = RefreshPlan(changes=Changes(catalog_settings().data_dir / "work"), names=Inventory())
    planner.fill(plan, [(CONTENT_PROPERTY, _items(wish, content))], failed_files={})
    yield from (_in_content(remark.problem) for remark in plan.remarks.kept)


def _usable_patterns(patterns: Any) -> list[str]:
    return [pattern for pattern in patterns if pattern.strip()] if _is_text_list(patterns) else []


def _items(wish: Wish, content: str) -> Iterator[Item]:
    path = wish.properties.get("yamlCatalogPath")
    format_ = format_of_name(path) if isinstance(path, str) else None
    return iter_items(
        content.encode(errors="surrogatepass"),
        file=CONTENT_PROPERTY,
        format=format_ or "yaml",
        key=wish.plugin.data_keys(),
    )


def _in_content(problem: Problem) -> Problem:
    place = problem.path if problem.path.startswith("[") or not problem.path else f".{problem.path}"
    return replace(problem, path=f"{_CONTENT}{place}", file="")


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_TYPES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "id": (lambda value: isinstance(value, str), "text"),
    "name": (lambda value: isinstance(value, str), "text"),
    "type": (lambda value: isinstance(value, str), "text"),
    "enabled": (lambda value: isinstance(value, bool), "true or false"),
    "labels": (_is_text_list, "a list of texts"),
    "properties": (lambda value: isinstance(value, dict), "an object"),
    "includedItems": (_is_text_list, "a list of texts"),
    "excludedItems": (_is_text_list, "a list of texts"),
    "refreshAfterApply": (lambda value: isinstance(value, bool), "true or false"),
}
_MISSING = {
    "id": "Give the source an id that is unique in this catalog.",
    "name": "Give the source a name for people.",
    "type": "Say how the source is read, such as yaml, http or git.",
}
