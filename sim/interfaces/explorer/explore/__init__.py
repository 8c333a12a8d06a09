"""The page Explore: the finding, the map, the charts and the table."""
