"""The commands: a module for each, with the name of the command."""
