"""The rules beyond shape, a folder for each family, and here what they share.

May import: simulator/intake (and what that may).

The file of each rule, without the FOMS- of its id:

batches/batch.py                B000 B010 B020 B030 B040 B050 B060 B070 B080
batches/batch_quantities.py     B110 B120 B130 B140 B150 B160
batches/batch_fields.py         B210 B220 B230 B240 B250 B260
batches/batch_refs.py           B270 B280 B290 B300 B310 B320
batches/batch_parents.py        B330 B340 B350
batches/batch_details.py        B360 B370 B380 B430
batches/batch_dates.py          B390 B400 B410
batches/quantity_refs.py        B420
events/events.py                E000 E010 E020 E030 E040 E050 E060 E070 E080
events/event_deltas.py          E110 E120 E130 E140 E160 E170 E200
events/delta_fields.py          E150 E180 E190
events/event_items.py           E310 E320 E330 E340 E350 E360 E370
events/event_refs.py            E410 E420 E430 E440 E450 E460 E470
jobs/jobs.py                    J000 J010 J020 J030 J040
streams/series.py               S001 S002
streams/batches_and_events.py   S003 S007 S008
streams/delta_ids.py            S004 S005 S006
streams/stale_counts.py         S009
streams/spellings.py            S010
streams/moved_refs.py           S011 S012
obligations/use_of_jobs.py      O001 O002 O003
obligations/tokens.py           O004 O005 O010
obligations/retries.py          O006 O007 O009
obligations/resent_events.py    O008
obligations/refusals.py         O011 O013 O014
obligations/queries.py          O012
obligations/aftermath.py        O015 O016
"""
