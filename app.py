"""The what-if explorer: ``make app``, or ``streamlit run app.py``."""

from __future__ import annotations

import streamlit as st

if __name__ == "__main__":
    from sim.interfaces.explorer.quoting.alone import is_alone, show_alone
    from sim.interfaces.explorer.state import session
    from sim.interfaces.explorer.state.page_list import FOLDER, PAGES

    st.set_page_config(page_title="alignsim", page_icon="🧭", layout="wide")
    page = st.navigation(
        [
            st.Page(f"{FOLDER}/{name}.py", title=title, default=name == next(iter(PAGES)))
            for name, title in PAGES.items()
        ],
        # The pages draw their links themselves: see sim/interfaces/explorer/controls/navigation.py.
        position="hidden",
    )
    session.keep("page", page.url_path or next(iter(PAGES)))
    if is_alone():
        show_alone(page)
    else:
        page.run()
else:
    # The server itself, which imports this file: it gets ready before the first visitor comes.
    from starlette.middleware import Middleware

    from sim.interfaces.explorer.state.first_file import FirstFile
    from sim.interfaces.explorer.state.gate import Gate
    from sim.interfaces.explorer.state.kept_assets import KeptAssets
    from sim.interfaces.explorer.state.plain_log import say_plainly
    from sim.interfaces.explorer.warm_start import getting_ready

    app = st.App(
        __file__,
        lifespan=getting_ready,
        middleware=[
            Middleware(FirstFile, base=st.get_option("server.baseUrlPath")),
            Middleware(KeptAssets),
            Middleware(Gate),
        ],
        on_script_error=say_plainly,
    )
