"""How pages are made: templates, the language of a page, coloured code."""
