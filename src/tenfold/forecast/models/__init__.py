"""Models of who comes again: of coming and stopping, regressions, and by occasions."""
