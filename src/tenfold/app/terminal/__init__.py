"""What several commands share on the terminal: options, output, progress, and the messages of imports and plans."""
