"""The corpus of hostile inputs through the command line and the window: what came of each case, as a table."""
