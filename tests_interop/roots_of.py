"""Prints the roots that pymerkle finds over the first entries 0, 1, 2, …, for each number of them up to the one it is given.

A program of its own, run by an interpreter of its own: pymerkle is under the GPL and is nowhere imported by Candidacy.
"""

import sys

import pymerkle


def main() -> None:
    """Print a root in hexadecimal for each size, from 0."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    print(tree.get_root(0).hex())
    for n in range(int(sys.argv[1])):
        tree.append_entry(b"%d" % n)
        print(tree.get_root(n + 1).hex())


if __name__ == "__main__":
    main()
