"""Links to reports, for whoever looks after an installation: whether the key that is there opens them."""

from __future__ import annotations

from datetime import datetime

from audit.config import Config, InvalidSetting
from audit.storage.integrity import Finding
from audit.storage.store import Store
from audit.web.link_keys import read_key


def examine_links(store: Store, config: Config, now: datetime) -> Finding:
    """How many links to reports should be good and open nothing, since another key signed them. No key is made."""
    file = config.link_key_file
    try:
        key = read_key(file)
    except InvalidSetting as error:
        return Finding(False, "the key that signs links to reports cannot be used", str(error))
    lost = store.shares.count_foreign(key.name if key else "", now)
    mend = f"Put the key they were signed with back as {file} and start Candour again, or make these links anew."
    return Finding(not lost, f"links to reports that open nothing, since another key signed them: {lost}", mend)
