"""Who calls: the ways of being identified, and the roles that follow from them."""
