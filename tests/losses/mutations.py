"""For each defence a change that takes it out, and the test that must fail then. A change whose old text is gone fails.

.venv/bin/python -m tests.losses.mutations            all of them
.venv/bin/python -m tests.losses.mutations clock tab  those whose names hold one of the words
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.losses.defences import ON_THE_PHONE, Mutation
from tests.losses.server import change, copy_tree

DRAFTS, SENDER, STORE = "static/js/phone/drafts.js", "static/js/phone/sender.js", "static/js/phone/store.js"
KEEPING, WAKING, WORKER = "static/js/visit/keeping.js", "static/js/phone/waking.js", "static/js/phone/worker.js"
MARKING, SENDING = "static/js/visit/marking.js", "static/js/visit/sending.js"
OUTBOX = "static/js/phone/outbox.js"
SUBMITTING, DOORS, SECURITY = "audit/actions/submitting.py", "audit/web/phone.py", "audit/web/security.py"
FAILED = 1

ON_ITS_WAY = (
    Mutation(
        "another id with every try",
        SENDER,
        "body: row.body, headers",
        "body: row.body.replace(row.id, row.id.slice(0, -4) + Math.floor(1000 + 8999 * Math.random())), headers",
        "test_sending.py::test_an_answer_that_was_lost_on_the_way_back_brings_no_second_visit",
    ),
    Mutation(
        "the server forgets what it took already",
        SUBMITTING,
        "before = _replayed(store, submission, finished=True)",
        "before = None",
        "test_sending.py::test_the_browsers_own_second_try_brings_no_second_visit",
    ),
    Mutation(
        "the server that died forgets what it took already",
        SUBMITTING,
        "before = _replayed(store, submission, finished=True)",
        "before = None",
        "test_sending.py::test_the_server_is_killed_between_storing_and_answering",
    ),
    Mutation(
        "whoever is signed in sends",
        SENDER,
        "row.shopper === me.id ?",
        "me.id ?",
        "test_sending.py::test_another_shopper_on_the_same_phone_sends_nothing_of_sams",
    ),
    Mutation(
        "a row is taken out before it is sent",
        SENDER,
        "  for (const row of due) {\n",
        '  for (const row of due) {\n    await within(["outbox"], (outbox) => answerOf(outbox.delete(row.id)));\n',
        "test_sending.py::test_killed_while_it_sends_the_phone_still_has_the_visit",
    ),
    Mutation(
        "signed out is not told",
        SENDER,
        '  if (status === 401 || status === 403) return "sign-in";\n',
        "",
        "test_waiting.py::test_signed_out_while_it_waits_the_visit_stays_and_asks_for_a_sign_in",
    ),
    Mutation(
        "pages outlive a sign-out",
        WORKER,
        "(answer.status < 500 && (await caches.delete(PAGES)), answer)",
        "answer",
        "test_waiting.py::test_who_signs_out_takes_the_pages_along_and_leaves_the_outbox",
    ),
    Mutation(
        "the outbox goes with a sign-out",
        WORKER,
        "(answer.status < 500 && (await caches.delete(PAGES)), answer)",
        '(await caches.delete(PAGES), indexedDB.deleteDatabase("lists"), answer)',
        "test_waiting.py::test_who_signs_out_takes_the_pages_along_and_leaves_the_outbox",
    ),
    Mutation(
        "pages go although nobody was signed out",
        WORKER,
        "fetch(event.request).then(async (answer) => "
        "(answer.status < 500 && (await caches.delete(PAGES)), answer), sorry)",
        "caches.delete(PAGES).then(() => fetch(event.request)).catch(sorry)",
        "test_waiting.py::test_who_presses_sign_out_without_a_network_keeps_the_pages",
    ),
    Mutation(
        "pages carry a token that a restart ends",
        SECURITY,
        "    if not ours:",
        '    if not ours or request.headers.get("X-Page-Token") != "of this process":',
        "test_waiting.py::test_a_page_from_before_the_server_was_started_again_still_sends",
    ),
    Mutation(
        "a wait is believed however long",
        SENDER,
        " || row.next - now > LONGEST_MS)",
        ")",
        "test_waiting.py::test_a_wait_that_a_changed_clock_made_too_long_counts_as_over",
    ),
    Mutation(
        "the watch believes the clock",
        MARKING,
        "const steady = start.page && start.page === stop.page;",
        "const steady = false;",
        "test_offline.py::test_a_stopwatch_does_not_believe_a_clock_that_was_changed_while_it_ran",
    ),
    Mutation(
        "other words under the same id count as kept",
        SENDER,
        'if (status === 409) return "clash";',
        'if (status === 409) return "attention";',
        "test_waiting.py::test_the_same_id_with_other_words_is_kept_on_both_sides_and_told",
    ),
    Mutation(
        "a visit counts as received without its photos",
        DOORS,
        "    if receipt.missing_photos:",
        "    if False and receipt.missing_photos:",
        "test_waiting.py::test_a_visit_is_received_only_with_its_photos",
    ),
    Mutation(
        "one that is stuck holds up the others",
        SENDER,
        'if (outcome.state === "sign-in") break;',
        'if (outcome.state === "attention") await new Promise(() => {});',
        "test_waiting.py::test_one_visit_that_is_refused_holds_up_no_other_and_can_be_saved_as_a_file",
    ),
    Mutation(
        "the queue has no timer",
        WAKING,
        "  setInterval(() => now(false), EVERY_MS);\n",
        "",
        "test_waiting.py::test_the_queue_moves_by_itself_without_a_reload",
    ),
    Mutation(
        "nobody hears the network come back",
        WAKING,
        '  addEventListener("online", () => now(true));\n',
        "",
        "test_waiting.py::test_the_queue_moves_when_the_network_comes_back",
    ),
    Mutation(
        "sending waits for the worker",
        SENDING,
        "    askToBeWoken();\n",
        "    await navigator.serviceWorker.ready;\n",
        "test_waiting.py::test_a_worker_that_never_comes_holds_up_nothing",
    ),
    Mutation(
        "every tab sends",
        SENDER,
        "  if (!navigator.locks) return run();\n",
        "  return run();\n",
        "test_waiting.py::test_two_tabs_that_wake_at_once_send_a_visit_once",
    ),
    Mutation(
        "whoever finds a sender at work does not hear of it again",
        SENDER,
        '  return navigator.locks.request("outbox", run);\n',
        '  return navigator.locks.request("outbox", { ifAvailable: !force }, (lock) => (lock ? run() : []));\n',
        "test_waiting.py::test_a_list_that_is_opened_while_another_tab_sends_tells_what_came_of_it",
    ),
    Mutation(
        "only questions of the page are sent",
        DRAFTS,
        "answers.map(({ question, tree }) => [question, tree])",
        'answers.filter((one) => one.question !== "long_gone").map(({ question, tree }) => [question, tree])',
        "test_waiting.py::test_answers_to_questions_that_are_gone_are_kept_and_sent",
    ),
    Mutation(
        "queueing takes two transactions",
        DRAFTS,
        "    outbox.put({ ...row, photos: message.photos });\n",
        "    setTimeout(() => within(['outbox'], (late) => late.put({ ...row, photos: message.photos })), 60);\n",
        "test_waiting.py::test_killed_at_24_moments_of_queueing_a_visit_is_always_in_exactly_one_place",
    ),
    Mutation(
        "no copies of pages",
        WORKER,
        "  const copy = await copyOf(pathname);\n",
        "  const copy = null;\n",
        "test_offline.py::test_a_whole_visit_without_any_network_from_the_list_to_the_receipt",
    ),
    Mutation(
        "a new program takes over at once",
        WORKER,
        'addEventListener("install", (event) => event.waitUntil(',
        'addEventListener("install", (event) => self.skipWaiting() && event.waitUntil(',
        "test_offline.py::test_a_new_version_of_the_program_waits_and_the_open_form_goes_on",
    ),
    Mutation(
        "an update throws away what copies need",
        WORKER,
        " && !used.has(name.slice(6))",
        "",
        "test_offline.py::test_after_an_update_the_copy_of_a_form_still_opens_without_a_network",
    ),
    Mutation(
        "an upgrade begins anew",
        STORE,
        "        if (!asked.result.objectStoreNames.contains(name)) asked",
        "if (asked.result.objectStoreNames.contains(name)) asked.result.deleteObjectStore(name);\n        asked",
        "test_offline.py::test_a_phone_full_of_the_first_edition_loses_nothing_to_the_next",
    ),
    Mutation(
        "a draft is sent as the next version",
        DRAFTS,
        "    version: draft.version,\n",
        "    version: draft.version + 1,\n",
        "test_offline.py::test_a_draft_stays_with_the_version_of_the_checklist_that_it_was_begun_with",
    ),
    Mutation(
        "a copy that found no network is not tried again",
        KEEPING,
        "this.owing = !navigator.onLine;",
        "this.owing = false;\n    if (!navigator.onLine) return;",
        "test_sending.py::test_a_copy_of_a_draft_that_found_no_network_is_brought_when_there_is_one_though_nothing_more_is_typed",
    ),
    Mutation(
        "a copy that was not taken is not tried again",
        KEEPING,
        "this.owing = !(status >= 400 && status < 429);",
        "",
        "test_sending.py::test_a_copy_of_a_draft_that_a_busy_server_did_not_take_is_brought_by_the_next_look",
    ),
    Mutation(
        "only the list fetches copies",
        SENDING,
        'refresh("/")).then(way)',
        "null)",
        "test_offline.py::test_who_left_the_list_before_it_had_brought_anything_finds_list_and_visit_without_a_network",
    ),
    Mutation(
        "what was received stays on the list",
        OUTBOX,
        "    place.dataset.state = state; // what was sent leaves the list\n",
        "",
        "test_offline.py::test_what_was_received_leaves_the_list_that_is_open",
    ),
)
TABLE = ON_THE_PHONE + ON_ITS_WAY


def survives(mutation: Mutation, folder: Path) -> str:
    """What is wrong if the test does not notice that the defence is gone; "" if it fails, as it must."""
    root = copy_tree(folder)
    change(root, mutation.file, mutation.old, mutation.new)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"tests/losses/{mutation.test}"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=400, check=False)
    if run.returncode == FAILED and "1 failed" in run.stdout:
        return ""
    return f"{mutation.name}: {mutation.test} ended with {run.returncode}\n{run.stdout[-1500:]}"


def main(words: list[str]) -> int:
    """Try all, or those whose names hold a word; the number of those that nothing noticed."""
    unnoticed = 0
    for mutation in TABLE:
        if words and not any(word in mutation.name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                trouble = survives(mutation, Path(folder) / "tree")
            except AssertionError as gone:
                trouble = str(gone)
        print(f"{'NOT NOTICED' if trouble else 'noticed':12}{mutation.name}", flush=True)
        if trouble:
            print(trouble)
        unnoticed += bool(trouble)
    return unnoticed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
