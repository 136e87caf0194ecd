"""What shoppers write about a visit to a shop, by question and answer. Words alone; `writing` chooses.

Slots: {goods} what they came for, {wish} what they asked for out of the ordinary.
"""

from __future__ import annotations

Phrases = dict[str, dict[str, tuple[str, ...]]]

GOODS = (
    "a small watering can|a set of tea towels|a glass vase|a door mat|two picture frames|a bread knife|"
    "a candle holder|a kitchen timer|a flower pot|a tablecloth|a bird feeder|a storage jar"
).split("|")
WISHES = (
    "half a packet of labels|the lid of one jar with another jar|the blue one from the back of the shop|"
    "plain brown paper instead of the printed wrapping|one of a set of two|the shelf piece without its box|"
    "a longer cord cut from the roll|the display piece in another colour"
).split("|")

SAID: Phrases = {
    "ready": {
        "litter": ("There was litter along the front step.", "Paper cups lay beside the entrance."),
        "old_notice": ("A poster in the door still announced last month's offer.",),
    },
    "greeted": {
        "no": (
            "Nobody spoke to me until I spoke first.",
            "I stood inside the door and was not greeted.",
            "I walked past two members of staff without a word from either.",
        ),
    },
    "greeting_manner": {
        "1": ("All I got was a nod from behind the shelves.",),
        "2": ("The greeting was said to the screen, not to me.", "Somebody called out hello without looking up."),
        "4": (
            "The person at the counter put the price gun down, looked up and smiled.",
            "I was welcomed with a smile before the door had closed behind me.",
        ),
    },
    "seen_in_queue": {
        "no": ("While I queued nobody gave a sign of having seen me.", "The queue was left to itself."),
        "yes": ("I had to queue, but a raised hand told me that I had been seen.",),
    },
    "attention": {
        "1": ("The person serving me carried on a private conversation across the counter.",),
        "2": (
            "Halfway through, the person serving me turned away without saying why.",
            "I was left standing in the middle of a sentence.",
        ),
        "4": (
            "I had the full attention of one person until I left.",
            "The telephone rang twice and was left to a colleague; I was not kept waiting.",
        ),
    },
    "need_asked": {
        "no": ("I was shown things before anyone had asked what I wanted.",),
        "yes": (
            "I was asked what it was for before anything was shown.",
            "Two good questions were asked before anything left the shelf.",
        ),
    },
    "heard_out": {
        "1": ("I was answered before I had finished my sentence.", "My explanation was cut short."),
        "2": ("I could finish, but the answer was about something I had not asked.",),
        "4": (
            "My wish was said back to me in other words, so I knew it had been understood.",
            "I could take my time explaining, and was then asked: so what you need is ...?",
        ),
    },
    "fit": {
        "all": (
            "What I was shown met every wish I had named.",
            "The first thing I was shown was the right one.",
        ),
        "part": ("What I was offered was too large, which I had said, and nobody mentioned it.",),
        "none": ("In the end nothing was offered.", "They had nothing for me, and that was the end of it."),
    },
    "name_known": {
        "knew": ("I was remembered from an earlier visit, name and all.",),
        "never": ("Nobody learnt my name.",),
    },
    "name_used": {
        "1": ("I had given my name, but it was never spoken.", "My name was written down and not used."),
        "4": ("My name was used in passing, and again at the goodbye.",),
    },
    "slighting": {"yes": ("I overheard a remark about a customer that I would not want made about me.",)},
    "request_answer": {
        "1": (
            "I asked to have {wish}; the answer was a plain no.",
            "When I asked to have {wish}, the no came before I had ended the sentence.",
        ),
        "2": (
            "I asked to have {wish} and was told that the rules do not allow it.",
            "I asked to have {wish}; a rule was the answer, not a person.",
        ),
        "3": ("I could not have {wish}, but another way was found.",),
        "4": ("I asked to have {wish}; the first answer was no, the second yes.",),
        "5": (
            "I asked to have {wish}, and it was done as if everybody asked for it.",
            "I asked to have {wish}: yes at once, and with good humour.",
        ),
    },
    "problem_outcome": {
        "solved": (
            "What was wrong was put right as soon as I mentioned it.",
            "I had hardly named the problem when it was solved.",
        ),
        "solved_later": ("It was put right in the end, after I had mentioned it a second time.",),
        "promised": ("I left with a day by which it is to be put right.",),
        "sent_away": ("With my problem I was sent elsewhere.",),
        "nothing": ("Nothing was done about my problem.",),
    },
    "sorry": {
        "1": ("I was told that nothing was wrong before anybody had looked.",),
        "4": ("They said sorry for exactly what had happened to me.",),
    },
    "blame": {
        "you": ("The fault, I was told, was mine.",),
        "colleague": ("A colleague was blamed in front of me.",),
        "others": ("The computer was blamed.",),
    },
    "anything_else": {"yes": ("I was asked whether I needed anything else.",)},
    "goodbye": {
        "1": ("The next task was begun while I was still putting my change away.",),
        "2": (
            "It ended with the receipt pushed across the counter.",
            "The price was the last word I heard.",
        ),
        "4": (
            "The goodbye was meant for me: they hoped that my neighbour would like it.",
            "I was wished a dry way home, by name and with a look.",
        ),
    },
}

ASKED: Phrases = {
    "attention": {
        "1": (
            "A talk with a colleague about next week's rota, over my head.",
            "A private telephone call; it went on for two minutes while I waited with {goods} in my hand.",
        ),
        "2": (
            "A delivery at the back door. The person left without a word and came back some minutes later.",
            "The screen: the person turned to it in the middle of my sentence.",
        ),
    },
    "slighting": {
        "yes": (
            '"There he is again, he never buys anything," said at the till as a customer walked out.',
            '"Some people have all day," said of the lady before me, loud enough for the queue.',
        ),
    },
    "request_answer": {
        "1": (
            "I had asked to have {wish}.",
            "I asked whether I could have {wish}. No, and nothing more was said.",
        ),
        "2": (
            "I had asked to have {wish}. A rule against it was mentioned.",
            "To have {wish}. It was not allowed, I was told, here or in any other branch.",
        ),
    },
    "problem_outcome": {
        "sent_away": (
            "That head office deals with such things, and that I should write there.",
            "That the other counter was responsible. There I was told to come back tomorrow.",
        ),
        "nothing": (
            "That this is simply how it is.",
            "That the till cannot be wrong. Then the next customer was called.",
        ),
    },
    "extra": {
        "yes": (
            "They wrapped it and tied a ribbon around it without being asked.",
            "I was given a sheet on how to look after it.",
            "Somebody held an umbrella over me as far as the bus stop.",
            "A customer before me had taken the last good one; they went to the store room for another.",
            "They offered me a chair and a glass of water while I waited.",
            "They looked up the next bus for me.",
        ),
    },
}

SEEN: dict[str, tuple[str, ...]] = {
    "with_customers": ("Both tills were busy and the floor was empty.", "Everybody in sight was serving somebody."),
    "stock": (
        "Two people were filling shelves with their backs to the door.",
        "Boxes were being unpacked by the door.",
    ),
    "screen": ("The person at the counter looked at a telephone held below the edge.", "All eyes were on one screen."),
    "each_other": ("Three of the staff stood together, talking about the weekend.",),
    "nobody": (
        "There was nobody at the counter or on the floor for the first minutes.",
        "I saw no one at all at first.",
    ),
}

FIRST_WORDS: dict[str, tuple[str, ...]] = {
    "1": ("No, sorry.", "We can't do that."),
    "2": ("I'm afraid we are not allowed to.", "That's against the rules here."),
    "3": ("That won't work, but let me think.", "Not quite like that; would this do instead?"),
    "4": ("Hm, I don't think so. Well, let me look.", "Normally we don't."),
    "5": ("Of course, one moment.", "Let me see what I can do.", "Why not? Come with me."),
}

WISHED: dict[str, tuple[str, ...]] = {
    "greeted": (
        "A word or a look when I came in would have changed the whole visit.",
        "Somebody who looks up when the door opens.",
    ),
    "seen_in_queue": ("A sign that I had been seen while I queued would have been enough.",),
    "attention": (
        "One person who stays with me until I am done.",
        "Let the telephone ring while a customer stands there.",
    ),
    "need_asked": ("Ask me what I need before you show me things.",),
    "heard_out": ("To be allowed to finish my sentence before the answer begins.",),
    "fit": ("Say openly when something is not to be had, rather than offer what does not fit.",),
    "name_used": (
        "They had my name; hearing it once would have been pleasant.",
        "To hear my name at the goodbye, since they knew it.",
    ),
    "request_answer": ("Before saying no, somebody could have gone to look.",),
    "problem_outcome": ("One person who takes the problem over until it is solved.",),
    "sorry": ("A plain sorry before the explanations.",),
    "goodbye": ("A goodbye with a look would have cost nothing.",),
    "anything_else": ("I had a second errand; nobody asked.",),
}
WISHED_FOR_NOTHING = (
    "Nothing that I can think of; perhaps a chair for those who wait.",
    "I would not change anything about this visit.",
    "A second till at busy times, and it would be perfect.",
)
