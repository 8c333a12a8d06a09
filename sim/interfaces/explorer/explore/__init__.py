"""The Explore page: the finding, the map, the charts and the table."""
