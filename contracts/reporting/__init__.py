"""Reports for people and programs. Imports the rules, whose findings they tell."""
