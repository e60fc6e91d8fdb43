"""The plan: circles, mentors, who contacts whom, a first contact for the never included, and its trial against simpler plans."""
