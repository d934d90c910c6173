"""The maintenance mode: staff see every device live, test it, change paper, open lockers, settle tasks."""
