"""What assets refer to: found in their documents, stored as rows, resolved only when somebody asks."""

from catalog_core.entities.references.extraction import Target, linked_targets, target_names, targets_of
from catalog_core.entities.references.models import AssetReference
from catalog_core.entities.references.storing import remove_references, remove_references_of, write_references

__all__ = [
    "AssetReference",
    "Target",
    "linked_targets",
    "remove_references",
    "remove_references_of",
    "target_names",
    "targets_of",
    "write_references",
]
