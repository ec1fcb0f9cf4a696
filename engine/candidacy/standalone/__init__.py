"""What is handed to others as a file of its own: it stands without the rest of the package."""
