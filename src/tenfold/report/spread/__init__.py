"""The report of a simulation of spreading."""
