"""How things spread: models as data, and the one way to run them."""
