"""The HR site of an invented agency, with a Candidacy ledger in its own database."""
