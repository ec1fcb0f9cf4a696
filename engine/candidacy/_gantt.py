"""A cohort as a picture (SVG) on a line of days."""
