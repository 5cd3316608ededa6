"""The same reconcile() over Parquet, account group by account group: in process or on a cluster."""
