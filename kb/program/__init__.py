"""The ground program: the situation rules filled in with the knowledge, and their evaluation."""
