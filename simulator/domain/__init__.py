"""The rules of stock, free of everything else."""
