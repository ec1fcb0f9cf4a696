"""The same facts under another program."""
