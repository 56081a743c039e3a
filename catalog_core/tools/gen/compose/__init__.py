"""Servers composed of plugins: from a manifest to a project that runs."""
