"""Translation engines behind one protocol (`base.Engine`): `fake`, `ct2`, `marian`. Heavy packages live here only."""
