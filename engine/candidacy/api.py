"""The version of what plugins may use: every name in ``candidacy.__all__``, and what it does.

API_VERSION is raised with each release that adds a public name or gives one more to do; a plugin declares in its own module
for which it is written, as ``CANDIDACY_API = 2``. What OLDEST_API had still works. docs/public-api.md has the whole policy.
"""

API_VERSION = 2
"""What this installation offers."""
OLDEST_API = 1
"""The oldest that it still serves: that of release 0.1.0, whose plugins declare none."""
