"""What ``openaffect plot`` draws: one file a kind, found by listing this folder."""
