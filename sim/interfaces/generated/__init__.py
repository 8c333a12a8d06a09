"""What is generated from other sources: parts of pages, and schemas."""
