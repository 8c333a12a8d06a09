"""Start the explorer as ``streamlit run app.py`` does, and log each run to the standard error."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from streamlit.web.cli import main

APP = Path(__file__).parents[1] / "app.py"

if __name__ == "__main__":
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logging.getLogger("sim").addHandler(handler)
    logging.getLogger("sim").setLevel(logging.INFO)
    sys.argv = ["streamlit", "run", str(APP), *sys.argv[1:]]
    sys.exit(main())
