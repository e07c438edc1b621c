"""Traffic that looks like retail. Imports the client alone, to say whose server is meant.

`shop` draws a shop from a seed; `steady` and `day` make its events and loads, in the order in which
they are sent; `payloads` gives their bytes.
"""
