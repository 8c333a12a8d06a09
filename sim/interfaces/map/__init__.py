"""The world map: outlines, tiles, and the component that draws them."""
