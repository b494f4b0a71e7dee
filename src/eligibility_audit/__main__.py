"""`python -m eligibility_audit` is the command line."""

from eligibility_audit.cli import main

if __name__ == "__main__":
    main()
