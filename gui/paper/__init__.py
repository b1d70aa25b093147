"""The report as a PDF: boxes of plain text, tables and pictures, put on A4 pages one after the other."""
