"""The cases of a program by how near they are to the nearest stated limit."""
