"""The report of a result: one page that needs nothing else, its tables, and a workbook."""
