"""What shoppers write about a telephone call and about a meal, by question and answer. Words alone."""

from __future__ import annotations

from audit.demo.phrases_in_shops import Phrases

ON_THE_PHONE: Phrases = {
    "number_found": {"not_found": ("I could not find the number anywhere and was given it by the office.",)},
    "reached": {
        "person_later": ("Only my second call was answered.",),
        "machine": ("In three calls I reached only a machine.",),
        "nobody": ("I rang three times, and nobody answered.",),
    },
    "question_back": {
        "no": ("Nobody asked what exactly I needed.",),
        "yes": ("I was asked when I meant to come before the answer was given.",),
    },
    "said_back": {
        "no": ("What we had agreed was not repeated.",),
        "yes": ("At the end we went once more through what I should bring.",),
    },
    "anything_else": {"yes": ("They asked whether there was anything else.",)},
    "understood": {"3": ("I understood every word of the greeting.",), "1": ("I had to ask whom I was speaking to.",)},
    "heard_out": {
        "1": ("I was passed on before I had said what I wanted.",),
        "2": ("The answer was about something I had not asked.",),
        "4": ("My question was said back to me, so that I knew it had been understood.",),
    },
    "answer": {
        "answered": ("My question was answered in this one call.",),
        "call_back": ("They offered to ring back, at a time that suited me.",),
        "web": ("I was told to look on the web site.",),
        "none": ("My question stayed unanswered.",),
    },
    "hold": {"1": ("I was put on hold without a word.",), "4": ("I was told why I had to wait, and thanked for it.",)},
    "attention": {"second_talk": ("The person was talking to somebody else at the same time.",)},
    "name_used": {"4": ("My name was used, and again when we said goodbye.",)},
    "request_answer": {
        "1": ("My small wish was refused without a reason.",),
        "5": ("My unusual wish was granted at once.",),
    },
    "problem_words": {
        "1": ("I was told that it could not have been so.",),
        "4": ("They were sorry that I had stood before a closed door.",),
    },
    "goodbye": {
        "1": ("The line was cut before I could say goodbye.",),
        "4": ("They wished me a pleasant day and let me ring off first.",),
    },
}
ON_THE_PHONE_ASKED: Phrases = {
    "reached": {
        "machine": ("At ten past nine, at eleven and at two. Each time the same recorded message.",),
        "nobody": ("At half past nine, ten and a quarter to four. It rang out each time.",),
    },
    "answer": {"none": ("That one would have to come by and ask.", "That the colleague who knows is away this week.")},
    "others_told": {"yes": ("What another caller had ordered, and that it had not been collected.",)},
}
ON_THE_PHONE_FIRST = (
    "Good morning, Lindenmoor Stores, you are speaking to ..., how may I help?",
    "Lindenmoor, ... speaking.",
    "Lindenmoor Stores, good afternoon.",
    "Hello?",
    "Yes, hello, just a second.",
)

AT_THE_TABLE: Phrases = {
    "to_table": {
        "alone": ("Nobody showed me to a table.",),
        "led_choice": ("I was offered a choice of three tables.",),
    },
    "recommended": {"yes": ("A dish of the day was recommended with real pleasure.",)},
    "said_back": {
        "no": ("My order was not repeated.",),
        "yes": ("My order was repeated to the last detail.",),
    },
    "greeting": {
        "1": ("I had to find a table by myself.",),
        "4": ("I was welcomed with a smile and asked where I would like to sit.",),
    },
    "menu_question": {
        "1": ("My question about the dish was answered with a shrug.",),
        "4": ("I was told how the dish is made, then asked what I like.",),
    },
    "allergy_care": {
        "list": ("What is in the dish was looked up for me.",),
        "guessed": ("What is in the dish was only guessed.",),
    },
    "right_dish": {"wrong": ("The wrong dish was brought.",), "part": ("Something was missing on the plate.",)},
    "temperature": {"1": ("The dish was cold in the middle.",), "4": ("The dish came steaming hot.",)},
    "check_back": {
        "1": ("Nobody asked whether all was well.",),
        "4": ("I was asked about this very dish, and the answer was awaited.",),
    },
    "request_answer": {
        "1": ("My small change to the dish was refused without a reason.",),
        "5": ("The small change I asked for was no trouble at all.",),
    },
    "problem_outcome": {
        "noticed": ("Something had gone wrong, and they had noticed before I said so.",),
        "solved": ("The drink was changed as soon as I mentioned it.",),
        "nothing": ("What was wrong stayed as it was.",),
    },
    "had_to_call": {
        "0": ("I never had to wave for anybody.",),
        "2": ("I had to wave twice.",),
        "3": ("Three times I had to wave before somebody came.",),
    },
    "bill_wait": {"0": ("The bill came at once.",), "1": ("The bill came at once.",)},
    "bill_right": {"no": ("There was a mistake on the bill.",)},
    "goodbye": {
        "1": ("Nobody noticed that I left.",),
        "4": ("At the door I was asked how I had liked the meal.",),
    },
}
AT_THE_TABLE_ASKED: Phrases = {
    "allergy_care": {"guessed": ('"It should be fine, I think," without going to ask.',)},
    "right_dish": {
        "part": ("The vegetables of the menu were missing; there was salad instead.",),
        "wrong": ("I had ordered the fish pie and was brought the pasta.",),
    },
    "temperature": {"1": ("A vegetable pie, cold in the middle. I ate around it and said so.",)},
    "problem_outcome": {"nothing": ("The drink came with ice. I was told that it always does.",)},
}
AT_THE_TABLE_SEEN: dict[str, tuple[str, ...]] = {
    "nobody": ("The desk by the door was empty.",),
    "desk": ("Somebody stood at the desk and went on writing.",),
    "seating": ("The only person there was seating a large party.",),
    "each_other": ("Two of the staff were talking by the kitchen door.",),
    "not_had": ("A coffee that I had not had.",),
    "price": ("The dish cost more on the bill than on the menu.",),
    "sum": ("The sum did not add up.",),
    "missing": ("My drink was not on it.",),
}
