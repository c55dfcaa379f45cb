"""How fast the engine is, beside the same rules in Oxigraph and in Nemo: `python -m bench`."""
