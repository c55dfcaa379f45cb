"""What the engine is held against: the same rules, run in the plainest way."""
