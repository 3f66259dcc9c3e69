"""The recipe that made the bundled model: prepare, align, fit, export, evaluate. Not part of the wheel."""
