"""The pages of the Preferences dialog."""
