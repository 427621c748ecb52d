"""From files and texts as people have them to rows of the interchange format; pure: no database, no clock."""
