"""Assets of all kinds: what people add to them, and what can be done with them."""
