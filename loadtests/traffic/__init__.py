"""Traffic that looks like retail.

May import: simulator/client.

`shop` draws a shop from a seed; `steady` and `day` make its events and loads, in the order in which
they are sent; `payloads` gives their bytes.
"""
