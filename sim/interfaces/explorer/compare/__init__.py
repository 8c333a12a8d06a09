"""The Compare page: two to four scenarios side by side."""
