"""Commands about what remains."""
