"""The benchmark: sitegen against Hugo on the same invented archive, in turn, in one run.

`python -m tests.bench` from the checkout prints a Markdown table. It is not a test: nothing
is asserted, and pytest collects nothing here.

    words.py      made-up words in several scripts       tasks.py    what is run, for each scenario
    archive.py    made-up posts and threads of them      measure.py  processes: time and memory
    hugo.py       the same as Hugo's site                live.py     from saving to the reload
    sitegen.toml, themes/: our site, as plain as theirs  table.py    figures -> Markdown
    topics.py     topics of these posts                  queries.py  queries in Chromium
"""
