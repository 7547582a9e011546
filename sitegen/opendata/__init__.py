"""Posts as data for others: JSON lines, CSV and Parquet, public or anonymous, with a data card."""
