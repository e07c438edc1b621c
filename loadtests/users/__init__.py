"""The users of a load run, as locust knows them, and what they share in a process."""
