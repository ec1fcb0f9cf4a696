"""How the site's database came to be."""
