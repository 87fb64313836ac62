"""From timelines to what a person looks at: pictures."""
