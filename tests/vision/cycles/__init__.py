"""The plans and shapes of the path-traced sets; rendering itself needs the render environment."""
