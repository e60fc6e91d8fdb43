"""The sections of the page of a plan: a module each, with the data that the template of the same name shows."""
