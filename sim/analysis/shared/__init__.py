"""What the answers that simulate share: estimates, counts of futures, seeds, what offers bring."""
