"""The advice: its contract and its making."""
