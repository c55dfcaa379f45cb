"""What every part of the service shares: negotiation, caching, problems, middleware and settings."""
