"""The controls: scenarios, levers, beliefs, links to pages, downloads."""
