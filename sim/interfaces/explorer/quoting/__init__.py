"""What visitors take with them: pictures, links, citations, and how to compute the same."""
