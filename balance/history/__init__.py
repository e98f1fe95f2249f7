"""People and their visits, kept on this machine or on the clinic's own server.

One file a question: ``location`` where, ``store`` how it is opened, ``schema`` and
``migrations`` its shape, ``people``, ``recordings``, ``self_reports``,
``training_log`` and ``overrules`` what is written, ``pages`` what is read,
``deletion``, ``backup`` and ``archive`` how it leaves.
"""

from balance.history.location import Location, locate
from balance.history.store import Store, open_store

__all__ = ["Location", "Store", "locate", "open_store"]
