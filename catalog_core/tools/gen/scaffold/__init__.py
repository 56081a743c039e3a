"""What ``catalog-gen`` writes: the files of a plugin, and which of them may be written again."""
