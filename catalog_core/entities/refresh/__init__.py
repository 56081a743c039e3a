"""Refreshing a source: read it, find out what changed, store just that in one transaction."""

from catalog_core.entities.refresh.run import RefreshOutcome, refresh_source

__all__ = ["RefreshOutcome", "refresh_source"]
