"""The style sheet that every page of ours begins with: its colours, in both schemes."""

from pathlib import Path

STYLE_SHEET = Path(__file__).parent / "static" / "look.css"
