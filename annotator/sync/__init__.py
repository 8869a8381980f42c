"""doccano: what a server holds, how it is asked, and what has to be done so that both sides agree.

May import the model alone; requests and doccano-client are imported inside functions. `remote.py` says what lies on a
server and what can be asked of it. Start reading there.
"""
