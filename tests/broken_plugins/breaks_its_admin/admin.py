raise RuntimeError("there are no pages for this plugin")
