"""Explanation: why a conclusion holds, why one does not, what would change, and what to ask next."""
