"""The sections of the page of the claims: a module each, with the data that the template of the same name shows."""
