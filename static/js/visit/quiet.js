// The quiet screen: one tap shows an ordinary shopping list, one tap comes back.

/** Lets the button marked `hide` and the list marked `quiet` change places. */
export function hush(page) {
  const list = page.querySelector("[data-part=quiet]");
  const button = page.querySelector("[data-part=hide]");
  let place = 0;
  const turn = (quiet) => {
    if (quiet) place = scrollY;
    page.body.classList.toggle("hushed", quiet);
    list.hidden = !quiet;
    (quiet ? list.querySelector("button") : button).focus({ preventScroll: true });
    scrollTo(0, quiet ? 0 : place);
  };
  button.disabled = false;
  button.addEventListener("click", () => turn(true));
  list.addEventListener("click", () => turn(false));
}
