"""What a panel's answers say: agreement, priorities, rankings, rounds, many panels together."""
