"""The command line: a file for each command, over actions that a web app calls as well."""
