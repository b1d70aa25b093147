"""The widgets of the main window, one subject a file."""
