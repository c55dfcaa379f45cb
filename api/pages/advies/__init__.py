"""The consultant's pages: describe a neighbourhood, read the advice, ask why, take it along. Nothing is kept."""
