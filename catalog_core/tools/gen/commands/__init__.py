"""The commands of ``catalog-gen``, a module each."""
