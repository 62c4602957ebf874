"""Programmes, questions, answers and the transcript: what an interview is, whoever screens it or reads it."""
