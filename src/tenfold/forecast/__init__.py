"""What becomes of people and bonds in the next weeks: hazards from the community's own past, and their simulation."""
