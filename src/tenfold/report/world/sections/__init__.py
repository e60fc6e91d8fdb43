"""The sections of the page of a world: a module each, with the data that the template of the same name shows."""
