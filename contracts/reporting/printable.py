"""Text of unknown origin in reports: the one function that the simulator's log has too."""

from fluent_oms_simulator.printable import LONGEST, printable, printable_lines, unicode_text

__all__ = ["LONGEST", "printable", "printable_lines", "unicode_text"]
