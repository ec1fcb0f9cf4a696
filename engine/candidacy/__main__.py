"""``python -m candidacy``."""

from candidacy.cli import main

if __name__ == "__main__":
    main()
