"""The configuration: what ``sources.yaml`` says. Bytes in, values out; nothing here reads a file."""

from catalog_core.sources.configuration.merge import complete, merge
from catalog_core.sources.configuration.parse import parse_configuration
from catalog_core.sources.configuration.patterns import NamePatterns
from catalog_core.sources.configuration.properties import check_properties, parse_duration
from catalog_core.sources.configuration.schema import (
    Configuration,
    NamedQuery,
    ParsedConfiguration,
    Section,
    SourceSpec,
    decides_alike,
)
from catalog_core.sources.configuration.secret_refs import is_secret_ref
from catalog_core.sources.configuration.source_entries import USUAL_ID

__all__ = [
    "USUAL_ID",
    "Configuration",
    "NamePatterns",
    "NamedQuery",
    "ParsedConfiguration",
    "Section",
    "SourceSpec",
    "check_properties",
    "complete",
    "decides_alike",
    "is_secret_ref",
    "merge",
    "parse_configuration",
    "parse_duration",
]
