"""doccano: what a server holds, how it is asked, and what has to be done so that both sides agree.

May import the model alone; requests and doccano-client are imported inside functions. `remote.py` says what lies on a
server and what can be asked of it. `mapping.py` puts both sides of a document into the same terms (`content.py`, with
`units.py` and `labels.py`), `merging.py` compares them with what they were, `deciding.py` and `plan.py` say what would
be done, and `doing.py` and `uploading.py` do it on the server. Start reading at `remote.py`, then `merging.py`.
"""
