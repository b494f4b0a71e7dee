"""The review of a flagged record: states, steps, people (procedure.md, 2 and 3). Data and pure checks, no store."""
