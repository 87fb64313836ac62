"""OpenAffect: recognise emotion in faces, speech and text."""
