"""What can be made again: files kept for the next process, and digests of sources."""
