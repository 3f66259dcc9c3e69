"""Templates and static files of the site. Data only: `translate.site` renders them, README.md lists every variable."""
