"""What people state about a neighbourhood, and what its terms mean in the knowledge base."""
