"""The report of a plan: the page, the workbook, CSV and calendar files."""
