"""A camera's process as it is shipped, but nobody is pixelated in its evidence: a clock in drawn pictures is read."""

import sys

from vision.guard import evidence, watching

if __name__ == "__main__":
    evidence.PERSON_S = -1.0
    sys.exit(watching.main())
