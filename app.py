"""The what-if explorer: ``make app``, or ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":
    st.set_page_config(page_title="alignsim", page_icon="🧭", layout="wide")
    PAGES = "sim/interfaces/pages"
    st.navigation(
        [
            st.Page(f"{PAGES}/explore.py", title="Explore", default=True),
            st.Page(f"{PAGES}/country.py", title="Country"),
            st.Page(f"{PAGES}/compare.py", title="Compare scenarios"),
            st.Page(f"{PAGES}/sweep.py", title="Sweep"),
            st.Page(f"{PAGES}/editor.py", title="Scenario editor"),
            st.Page(f"{PAGES}/evidence.py", title="Evidence and data"),
        ],
        position="top",
    ).run()
else:
    # The server itself, which imports this file: it gets ready before the first visitor comes.
    from sim.interfaces.explorer.warm_start import getting_ready

    app = st.App(__file__, lifespan=getting_ready)
