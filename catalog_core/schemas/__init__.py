"""The JSON Schemas (draft 2020-12) of the files that people write about plugins; editors can be given them.

``patternErrorMessage`` says what a pattern wants; editors that know it show it instead of the pattern.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

SCHEMAS = ("plugin", "catalog", "server-manifest", "plugin-index")
"""The names of the schemas; each is the file ``{name}.schema.json`` of this package."""


def schema_text(name: str) -> str:
    """Return a schema as it is published.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in SCHEMAS:
        raise KeyError(name)
    return (files(__name__) / f"{name}.schema.json").read_text("utf-8")


@cache
def schema(name: str) -> dict[str, Any]:
    """Return a schema, parsed once; not to be changed.

    Raises:
        KeyError: there is none of that name.
    """
    parsed: dict[str, Any] = json.loads(schema_text(name))
    return parsed
