"""What is due in a ledger, by when, for whom and under which rule: a query, nothing is armed."""
