"""What is told, in sentences: facts, answers, numbers. For the plain front end, and where the screen tells."""
