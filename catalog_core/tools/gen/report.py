"""Errors of commands, told without a traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from catalog_core.exceptions import InvalidDocument
from catalog_core.tools.gen.compose.building import BuildFailed
from catalog_core.tools.gen.scaffold.inference import InvalidSample
from catalog_core.tools.gen.scaffold.manifest import UnreadableManifest
from catalog_core.tools.gen.scaffold.migrations import MigrationImpossible
from catalog_core.tools.gen.scaffold.naming import InvalidName
from catalog_core.tools.gen.scaffold.properties import InvalidProperty
from catalog_core.tools.gen.scaffold.regeneration import NoCode, UnknownPart
from catalog_core.tools.gen.scaffold.specification import InvalidSpecification
from catalog_core.tools.gen.scaffold.yaml_insert import UneditableYaml

_FINDINGS = (
    BuildFailed,
    InvalidDocument,
    InvalidSample,
    InvalidSpecification,
    MigrationImpossible,
    NoCode,
    UnreadableManifest,
    UneditableYaml,
)
P = ParamSpec("P")
R = TypeVar("R")


def told_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end with a sentence where it would end with a traceback.

    What was written on the command line wrongly ends it with status 2, what is wrong in files with status 1.
    """

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except (InvalidName, InvalidProperty, UnknownPart) as error:
            raise click.UsageError(str(error)) from error
        except _FINDINGS as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror}.") from error

    return wrapped
