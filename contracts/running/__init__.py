"""Runs the suite of contracts, and tells what came of it. Imports target, engines, reporting."""
