"""What stands between the project and what is painted: items of the article, lists and tables.

May import `annotator.model` and values of `annotator.workflows.session` and of the article view.
Start with `article_items.py` (ids and items, without Qt), then `documents.py` (the paged list of documents).
"""
