"""Kinds without code: catalogs made of ``plugin.yaml`` and ``catalog.yaml`` alone, which share two tables."""
