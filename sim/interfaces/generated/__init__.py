"""What is made from something else: parts of pages, and schemas."""
