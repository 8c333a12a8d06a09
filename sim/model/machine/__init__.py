"""What kernels are made with: compilation, kept machine code, exact functions, random numbers."""
