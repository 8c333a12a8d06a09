"""What visitors move: scenarios, levers, beliefs, links to pages, downloads."""
