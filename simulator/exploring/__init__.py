"""The search for a fault schedule that breaks a connector, one fresh world a run.

May import: simulator/client, simulator/connector, simulator/console, simulator/domain/trouble,
simulator/basics, simulator/text.

Pure, and all that there is to decide: which points a run has passed (`passed_points`), what may go
wrong there (`disturbances`, `candidate_faults`), in which order sets of that are tried
(`fault_schedules`), what a run did wrong (`run_judgement`).
"""
