"""How strong each bond is, what its rhythm is, and how each bond and each person stands."""
