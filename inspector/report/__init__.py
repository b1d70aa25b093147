"""Turns results into documents: JSON, CSV, pictures, text for a terminal."""
