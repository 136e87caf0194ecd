"""The few words that belong to every checklist, in several languages: yes, no, absences, the closing section."""

from __future__ import annotations

from audit.domain.checklist.model import NOT_APPLICABLE, NOT_OBSERVED, Text

YES = Text({"en": "Yes", "fr": "Oui", "de": "Ja", "es": "Sí", "it": "Sì", "pt": "Sim", "nl": "Ja", "ar": "نعم"})
NO = Text({"en": "No", "fr": "Non", "de": "Nein", "es": "No", "it": "No", "pt": "Não", "nl": "Nee", "ar": "لا"})

ABSENCE_TITLES = {
    NOT_APPLICABLE: Text(
        {
            "en": "Does not apply",
            "fr": "Sans objet",
            "de": "Trifft nicht zu",
            "es": "No procede",
            "it": "Non pertinente",
            "pt": "Não se aplica",
            "nl": "Niet van toepassing",
            "ar": "لا ينطبق",
        }
    ),
    NOT_OBSERVED: Text(
        {
            "en": "Not observed",
            "fr": "Non observé",
            "de": "Nicht beobachtet",
            "es": "No observado",
            "it": "Non osservato",
            "pt": "Não observado",
            "nl": "Niet waargenomen",
            "ar": "لم يُلاحظ",
        }
    ),
}

CLOSING_TITLE = Text(
    {"en": "At the end", "fr": "Pour finir", "de": "Zum Schluss", "es": "Para terminar", "ar": "في الختام"}
)
STATE_TITLE = Text(
    {
        "en": "Had you been an ordinary customer: how would you leave?",
        "fr": "Si vous aviez été un client ordinaire : comment repartiriez-vous ?",
        "de": "Als gewöhnlicher Kunde: Wie würden Sie gehen?",
        "es": "Si hubiera sido un cliente cualquiera, ¿cómo se iría?",
        "ar": "لو كنت زبونًا عاديًا: كيف كنت ستغادر؟",
    }
)
STATE_HINT = Text(
    {
        "en": "Your own impression. It is reported, and never scored.",
        "fr": "Votre propre impression. Elle est rapportée, jamais notée.",
        "de": "Ihr eigener Eindruck. Er wird berichtet, nie bewertet.",
        "es": "Su propia impresión. Se comunica y nunca puntúa.",
        "ar": "انطباعك الشخصي. يُذكر في التقرير ولا يُحتسب في النتيجة.",
    }
)
STATES = {
    "dissatisfied": Text(
        {
            "en": "Dissatisfied: I might not come back",
            "fr": "Mécontent : je pourrais ne pas revenir",
            "de": "Unzufrieden: Ich käme vielleicht nicht wieder",
            "es": "Insatisfecho: quizá no volvería",
            "ar": "غير راضٍ: قد لا أعود",
        }
    ),
    "satisfied": Text(
        {
            "en": "Satisfied: I would stay until something better comes along",
            "fr": "Satisfait : je resterais jusqu'à trouver mieux",
            "de": "Zufrieden: Ich bliebe, bis etwas Besseres kommt",
            "es": "Satisfecho: seguiría hasta encontrar algo mejor",
            "ar": "راضٍ: سأبقى حتى أجد ما هو أفضل",
        }
    ),
    "delighted": Text(
        {
            "en": "Delighted: it was more than I needed, and I would praise it to others",
            "fr": "Enchanté : c'était plus qu'il ne m'en fallait, et j'en dirais du bien",
            "de": "Begeistert: Es war mehr, als ich brauchte, und ich würde es weiterempfehlen",
            "es": "Encantado: fue más de lo que necesitaba y lo elogiaría ante otros",
            "ar": "مسرور جدًا: كان أكثر مما احتجت إليه، وسأمدحه أمام الآخرين",
        }
    ),
}
NARRATIVE_TITLE = Text(
    {
        "en": "Tell the visit in your own words, from coming in to leaving",
        "fr": "Racontez la visite avec vos mots, de l'arrivée au départ",
        "de": "Erzählen Sie den Besuch in eigenen Worten, vom Kommen bis zum Gehen",
        "es": "Cuente la visita con sus palabras, desde la llegada hasta la salida",
        "ar": "احكِ الزيارة بكلماتك، من الدخول إلى المغادرة",
    }
)
NARRATIVE_HINT = Text(
    {
        "en": "What you saw and heard, and what was best. No names of staff: write what they do instead.",
        "fr": "Ce que vous avez vu et entendu, et le meilleur moment. Pas de noms : dites plutôt la fonction.",
        "de": "Was Sie sahen und hörten, und was am besten war. Keine Namen: schreiben Sie die Aufgabe der Person.",
        "es": "Lo que vio y oyó, y lo mejor. Sin nombres del personal: escriba su función.",
        "ar": "ما رأيته وسمعته، وأفضل ما كان. دون أسماء الموظفين: اكتب وظيفتهم بدلًا منها.",
    }
)
