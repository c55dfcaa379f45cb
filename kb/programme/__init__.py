"""Plannings of works: which works meet in one place, what that opens, what clashes, and who would have to move."""
