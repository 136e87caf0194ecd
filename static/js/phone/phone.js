// What every script of the phone shares, the worker too: names, the store, the sender, and when it is woken.

import { sha256, uuid7 } from "./hashing.js";
import { answerOf, deviceName, reading, rowsOf, within } from "./store.js";
import { call, flush, photoIn } from "./sender.js";
import { ours } from "./addresses.js";
import { askToBeWoken, keepSending } from "./waking.js";

self.Phone = { answerOf, askToBeWoken, call, deviceName, flush, keepSending, ours, photoIn, reading, rowsOf, sha256, uuid7, within };
