// Where the shopper is and what is left, in words that the page brings along. Pure.

/** How many of these questions are seen, required and still open. `questions`: [{seen, required, answered}]. */
export function leftIn(questions) {
  return questions.filter((question) => question.seen && question.required && !question.answered).length;
}

/** "Section 2 of 7 – 5 left": `words` holds the page's sentences, with {n}, {total} and {left}. */
export function progressWords(words, n, total, left) {
  const sentence = left ? words.progress : words.done;
  if (!sentence) throw new Error("progress: the form lacks data-progress or data-done");
  return sentence.replace("{n}", n).replace("{total}", total).replace("{left}", left);
}

/** The first open question after `current` in the order of the page, going round once; -1 if none is open. */
export function nextOpen(questions, current) {
  const open = (question) => question.seen && question.required && !question.answered;
  const after = questions.findIndex((question, at) => at > current && open(question));
  return after >= 0 ? after : questions.findIndex(open);
}
