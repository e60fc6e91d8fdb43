"""Who there is and who met whom: the roster, the contacts and the gatherings, their readers, and the community file."""
