"""Where parts are wired: analysis of whole inputs, people over time, fusion."""
