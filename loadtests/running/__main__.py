"""The process that makes the load. Its options come as a line of JSON on standard input.

Locust replaces blocking calls of the whole process as soon as it is imported, so that neither the
command nor a test imports it, but starts this.
"""

from locust import FastHttpUser  # first: what is imported before it is not replaced  # noqa: F401, I001

import sys

from .load_process_main import main

if __name__ == "__main__":
    sys.exit(main())
