"""Training: nets, recipes and export; the home of torch."""
