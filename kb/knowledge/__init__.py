"""What holds, and on what it rests: the Turtle with everything that the rules over the knowledge derive from it."""
