"""Compiled code of the plan: the partition into circles, and the contacts of a week."""
