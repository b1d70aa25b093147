"""The window: shows what the engine found. No arithmetic on weights, and no file of the user's is opened here."""
