// One section on the screen at a time, with back, links between sections, and the browser's own way back.

/** Takes the steps of a form, shows one, and tells `onShow(step)` which. */
export class Sections {
  constructor(form, onShow) {
    this.form = form;
    this.steps = [...form.querySelectorAll(".step")];
    if (!this.steps.length) throw new Error("sections: the form has no .step");
    this.onShow = onShow;
    for (const step of this.steps) step.tabIndex = -1;
    form.classList.add("stepwise");
    addEventListener("hashchange", () => this.follow(true));
  }

  get seen() {
    return this.steps.filter((step) => !step.hidden);
  }

  /** The step on the screen; at first, the one with something to mend. */
  get current() {
    const shown = this.steps.find((step) => step.hasAttribute("aria-current") && !step.hidden);
    return shown ?? this.seen.find((step) => step.querySelector(".wrong")) ?? this.seen[0];
  }

  /** Show what the address names: a section, or the section that holds a question. */
  follow(moveFocus) {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const step = target && target.closest(".step");
    this.show(step && !step.hidden ? step : this.current, moveFocus && step ? target : null);
  }

  show(step, focus) {
    for (const other of this.steps) {
      if (other === step) other.setAttribute("aria-current", "step");
      else other.removeAttribute("aria-current");
      const back = other.querySelector("[data-part=back]");
      if (back) back.hidden = other === this.seen[0];
    }
    this.onShow(step);
    if (focus) {
      focus.focus({ preventScroll: true });
      (focus === step ? document.querySelector(".progress") : focus.closest(".question") ?? focus).scrollIntoView();
    }
  }

  /** One section on or back; the address follows, so that the browser's way back works. */
  go(distance) {
    const step = this.seen[this.seen.indexOf(this.current) + distance];
    if (step) this.open(step.id);
  }

  /** Go to a section or a question at once, as if its link had been followed. */
  open(id) {
    history.pushState(null, "", `#${id}`);
    this.follow(true);
  }
}
