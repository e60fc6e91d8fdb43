"""The report of the claims: their page and its figures."""
