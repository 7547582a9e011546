"""Run build work in parallel: scheduling, local processes, executors, Dask."""
