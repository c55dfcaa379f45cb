"""Wijkaanpak's knowledge base: load, ground, evaluate, explain, advise."""

__version__ = "0.2.0"
