"""What is due as a calendar file (RFC 5545)."""
