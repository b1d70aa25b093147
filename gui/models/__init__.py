"""Qt item models over the engine's result objects."""
