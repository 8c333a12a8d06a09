"""What a page says first: partners by kind, places, likeliest paths, and what has changed."""
