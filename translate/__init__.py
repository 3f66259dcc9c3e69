"""Everything from article to site. Import the parts you need: nothing is loaded, read or made at import."""

__version__ = "0.1.0"
