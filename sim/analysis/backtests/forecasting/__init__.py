"""What a forecast of an earlier programme may know, and the futures that it simulates."""
