"""What can be made again: files that are kept for the next process, and digests of sources."""
