"""An advice in words, for the terminal or as Markdown."""
