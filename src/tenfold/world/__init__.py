"""The world in nested tens: addresses, the ladder of degrees, attainment and crisis, and the claims."""
