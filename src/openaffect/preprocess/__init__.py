"""Pure functions over arrays that ready an input for a model."""
