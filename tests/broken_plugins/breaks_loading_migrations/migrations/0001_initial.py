raise RuntimeError("this migration cannot be imported")
