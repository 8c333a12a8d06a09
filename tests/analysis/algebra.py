"""How many threads linear algebra may use in this process."""

from threadpoolctl import threadpool_info


def algebra_threads() -> set[int]:
    """Return the number of threads of each library for linear algebra that is loaded."""
    return {
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    }
