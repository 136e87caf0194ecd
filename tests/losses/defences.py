"""Defences of what stands on a phone: for each a change that takes it out, and the test that must fail then."""

from __future__ import annotations

from dataclasses import dataclass

DRAFTS, STORE, OUTBOX = "static/js/phone/drafts.js", "static/js/phone/store.js", "static/js/phone/outbox.js"
OPENING, KEEPER = "static/js/phone/opening.js", "static/js/visit/keeper.js"
KEEPING, PHOTOS, FORM = "static/js/visit/keeping.js", "static/js/visit/photos.js", "static/js/visit/form.js"
SENDING, SENDER = "static/js/visit/sending.js", "static/js/phone/sender.js"


@dataclass(frozen=True)
class Mutation:
    """Where `old` stands in `file`, `new` is put: then `test`, which passed, must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


ON_THE_PHONE = (
    Mutation(
        "no copy on the server",
        KEEPING,
        "  keeper.changed = () => copies.soon(COPY_MS);\n",
        "",
        "test_keeping.py::test_a_phone_that_forgets_everything_finds_its_words_on_the_server",
    ),
    Mutation(
        "the browser may forget",
        KEEPER,
        "this.lasting ??= navigator.storage?.persist?.().catch(() => {});",
        "",
        "test_keeping.py::test_with_the_first_word_the_browser_is_asked_not_to_forget",
    ),
    Mutation(
        "no word after three days",
        OUTBOX,
        "> 3 * DAY_MS",
        "> 30 * DAY_MS",
        "test_keeping.py::test_a_visit_that_waits_for_more_than_three_days_is_told_in_words",
    ),
    Mutation(
        "a dead connection is not opened again",
        STORE,
        "  opening = null;\n}",
        "}",
        "test_keeping.py::test_a_database_that_was_closed_under_our_hands_is_opened_again",
    ),
    Mutation(
        "saved before it is complete",
        STORE,
        "    await complete;\n    return result;",
        "    return result;",
        "test_keeping.py::test_saved_is_said_only_once_it_is_complete",
    ),
    Mutation(
        "photos as blobs",
        PHOTOS,
        "sha, bytes, type, known: 0 }",
        "sha, bytes: new Blob([bytes]), type, known: 0 }",
        "test_keeping.py::test_photos_are_kept_as_bytes_and_never_as_blobs",
    ),
    Mutation(
        "a full phone is not told",
        KEEPER,
        "this.fail(trouble);\n        await",
        "await",
        "test_keeping.py::test_a_full_phone_says_so_keeps_the_words_on_the_screen_and_saves_them_when_there_is_room",
    ),
    Mutation(
        "words that found no room are not tried again",
        KEEPER,
        "const trees = new Map(this.waiting);",
        "const trees = new Map(this.waiting);\n      this.waiting.clear();",
        "test_keeping.py::test_a_full_phone_says_so_keeps_the_words_on_the_screen_and_saves_them_when_there_is_room",
    ),
    Mutation(
        "a photo that found no room is forgotten",
        PHOTOS,
        "    const files = [...input.files];\n",
        '    const files = [...input.files];\n    input.value = "";\n',
        "test_keeping.py::test_a_photo_that_finds_no_room_stays_chosen_and_takes_no_answer_with_it",
    ),
    Mutation(
        "the whole form is one row",
        KEEPER,
        "const trees = new Map(this.waiting);",
        "const trees = new Map(this.questions.map((one) => [one.dataset.ask, this.read(one)]));",
        "test_keeping.py::test_two_tabs_write_into_one_visit_and_neither_overwrites_the_other",
    ),
    Mutation(
        "tabs do not talk",
        KEEPER,
        'this.tabs = "BroadcastChannel" in self ? new BroadcastChannel("visits") : null;',
        "this.tabs = null;",
        "test_keeping.py::test_what_is_typed_in_one_tab_is_seen_in_the_other",
    ),
    Mutation(
        "a queued visit can be changed in another tab",
        OPENING,
        'if (draft?.state !== "draft") return draft?.state;',
        "",
        "test_keeping.py::test_once_a_visit_is_queued_no_other_tab_changes_it",
    ),
    Mutation(
        "a draft that the phone forgot counts as queued",
        KEEPER,
        "    if (state) return state;\n",
        '    return state ?? "queued";\n',
        "test_keeping.py::test_a_phone_that_forgets_everything_while_a_visit_is_open_keeps_anew_what_stands_on_the_screen",
    ),
    Mutation(
        "a copy that was overtaken replaces what overtook it",
        DRAFTS,
        "    if (draft.known !== known) return null;\n",
        "",
        "test_keeping.py::test_a_copy_from_before_another_tab_brought_its_words_does_not_replace_them",
    ),
    Mutation(
        "what a restored server forgot is taken back on the phone, too",
        DRAFTS,
        "    if (known > (theirs.devices[device] ?? 0)) {",
        "    if (false) {",
        "test_memories.py::test_a_server_that_was_restored_from_an_older_archive_takes_back_no_word_that_the_phone_still_has",
    ),
    Mutation(
        "a memory that never answers is waited for",
        STORE,
        '    setTimeout(fail, OPENING_MS, new Error("lists"));\n',
        "",
        "test_memories.py::test_a_phone_whose_memory_never_answers_leaves_it_to_the_server_and_says_so",
    ),
    Mutation(
        "what nobody keeps leaves the screen without a network",
        KEEPING,
        "navigator.onLine || (event.stopImmediatePropagation()",
        "true || (event.stopImmediatePropagation()",
        "test_memories.py::test_what_a_phone_cannot_keep_stays_on_the_screen_where_there_is_no_network",
    ),
    Mutation(
        "a large photo has two minutes",
        SENDER,
        "PATIENCE_MS + (options.body?.byteLength ?? 0) / 4)",
        "4 * PATIENCE_MS)",
        "test_photos.py::test_a_large_photo_is_given_the_time_that_the_slowest_line_needs_which_the_server_takes",
    ),
    Mutation(
        "whoever answers has taken the copy",
        DRAFTS,
        'if (!answer.headers.has("Candour-Head"))',
        "if (!answer.ok)",
        "test_strangers.py::test_a_copy_that_a_stranger_took_in_the_servers_name_is_brought_again",
    ),
    Mutation(
        "a photo is kept before its answer",
        PHOTOS,
        "      answers.put({ draft: this.id, question: id, tree: {",
        "      void ({ draft: this.id, question: id, tree: {",
        "test_photos.py::test_killed_as_soon_as_a_photo_is_kept_the_photo_is_there",
    ),
    Mutation(
        "kept when the box is left, not at each letter",
        KEEPER,
        'form.addEventListener("input",',
        'form.addEventListener("change",',
        "test_keeping.py::test_killed_while_somebody_types_a_quarter_of_a_second_is_lost_at_most",
    ),
    Mutation(
        "no marker while the camera is open",
        PHOTOS,
        'this.mark((meta) => meta.put(place, "camera"));',
        "void place;",
        "test_keeping.py::test_when_the_camera_closes_the_page_all_is_there_and_the_right_question_says_what_happened",
    ),
    Mutation(
        "nothing is brought back after a reload",
        KEEPER,
        "      if (!isTyped && fresh) this.put(question, tree);\n      else ",
        "      ",
        "test_keeping.py::test_all_that_was_typed_is_there_after_a_reload_and_after_going_back_and_forward",
    ),
    Mutation(
        "a letter that is being written goes with its page",
        KEEPER,
        "JSON.stringify([...this.waiting])",
        "JSON.stringify([])",
        "test_keeping.py::test_a_reload_in_the_instant_in_which_a_letter_is_written_does_not_lose_it",
    ),
    Mutation(
        "letters that come before their draft is open go with their page",
        KEEPER,
        "JSON.stringify([...this.waiting])",
        "JSON.stringify(this.isOpen ? [...this.waiting] : [])",
        "test_early_letters.py::test_letters_typed_before_anything_can_keep_them_are_there_after_a_reload",
    ),
    Mutation(
        "letters that come before their draft is open are not kept",
        KEEPER,
        "const isTyped = this.waiting.has(question.dataset.ask);",
        "const isTyped = false;",
        "test_early_letters.py::test_letters_typed_before_anything_can_keep_them_stay_and_are_kept_once_it_can",
    ),
    Mutation(
        "letters that come before any script are not kept",
        KEEPER,
        "for (const question of this.questions.filter(isTouched)) ",
        "for (const question of []) ",
        "test_early_letters.py::test_letters_typed_before_any_script_came_are_kept_by_the_first_that_comes",
    ),
    Mutation(
        "nothing is kept until all scripts have come",
        FORM,
        "keeper.opened = keeper.open(around.marks);",
        "keeper.opened = coming.then(() => keeper.open(around.marks));",
        "test_early_letters.py::test_killed_while_only_the_first_script_has_come_all_that_was_typed_is_there",
    ),
    Mutation(
        "what the phone has stands over the server's page before it is asked",
        KEEPER,
        "if (!isTyped && fresh) this.put(question, tree);",
        "if (!isTyped) this.put(question, tree);",
        "test_early_letters.py::test_what_the_server_has_seen_is_not_shown_over_its_page_until_there_is_who_asks_it_what_changed",
    ),
    Mutation(
        "drafts are not told apart",
        STORE,
        "return IDBKeyRange.bound([draft], [draft, []]);",
        "return undefined;",
        "test_keeping.py::test_two_visits_with_the_same_checklist_are_two_drafts",
    ),
    Mutation(
        "checked while photos are still made small",
        KEEPING,
        "keeper.photographed().then((left) => (left ? sections.open(left) : sending.check(state())))",
        "sending.check(state())",
        "test_photos.py::test_a_photo_that_is_still_being_made_small_is_waited_for_before_the_answers_are_checked",
    ),
    Mutation(
        "sent while photos are still made small",
        KEEPER,
        "    await this.photographed();\n",
        "",
        "test_photos.py::test_a_photo_that_is_still_being_made_small_goes_with_a_visit_that_was_checked_before",
    ),
    Mutation(
        "photos that come before their keeper are not kept",
        PHOTOS,
        "if (input.files.length) this.add(input);",
        ";",
        "test_photos.py::test_a_photo_that_was_chosen_before_anything_could_keep_it_is_kept_once_it_can",
    ),
    Mutation(
        "a dead worker is asked again",
        PHOTOS,
        "      this.worker = null;\n",
        "",
        "test_photos.py::test_after_a_worker_that_died_the_photo_stays_chosen_and_another_worker_takes_the_next",
    ),
    Mutation(
        "no room in the outbox is told where nobody looks",
        SENDING,
        """return this.go("visit");""",
        "return null;",
        "test_full_phones.py::test_a_visit_that_finds_no_room_in_the_outbox_says_so_and_is_sent_once_there_is",
    ),
    Mutation(
        "no room for a moment is not told",
        KEEPING,
        ".catch((trouble) => keeper.fail(trouble))",
        "",
        "test_full_phones.py::test_a_moment_that_finds_no_room_is_told_and_can_be_marked_again",
    ),
    Mutation(
        "no word about what was sent three days ago",
        OUTBOX,
        '(touched || state === "queued")',
        "touched",
        "test_keeping.py::test_a_visit_that_was_sent_more_than_three_days_ago_and_never_left_is_told_too",
    ),
)
