// What every script of the phone shares, the worker too: names, the store, copies of pages, the sender, and when it is
// woken.

import { sha256 } from "./hashing.js";
import { uuid7 } from "./numbering.js";
import { deviceName } from "./device.js";
import { answerOf, reading, rowsIn, rowsOf, rowsOn, within } from "./store.js";
import { copies, copyOf, dropPage, keepMissing, keepPage, PAGES, refresh, tagOf, tagsInUse } from "./pages.js";
import { call, flush, photoIn } from "./sender.js";
import { ours } from "./addresses.js";
import { clockTime } from "./clock.js";
import { askToBeWoken, keepSending } from "./waking.js";

const kept = { answerOf, deviceName, reading, rowsIn, rowsOf, rowsOn, within };
const pages = { copies, copyOf, dropPage, keepMissing, keepPage, PAGES, refresh, tagOf, tagsInUse };
self.Phone = { askToBeWoken, call, clockTime, flush, keepSending, ours, photoIn, sha256, uuid7, ...kept, ...pages };
