// Asks for the position when a moment is marked, only if the shopper ticked that it may be added. No answer, or no
// permission, marks the moment all the same: the position is a signal, never a lock.

const PATIENCE_MS = 10_000;

/** Lets the mark buttons of this form bring a position along. */
export function offerPosition(form) {
  const offer = form.querySelector("[data-part=offer]");
  const field = form.elements.namedItem("position");
  if (!offer || !("geolocation" in navigator)) return;
  if (!field) throw new Error("position: the form lacks its field named position");
  offer.hidden = false;
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const marks = button?.name === "do" && button.value.startsWith("mark:");
    if (!marks || !offer.querySelector("input").checked || field.value) return;
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(
      (found) => send(written(found.coords)),
      (failure) => send("", failure.code === failure.PERMISSION_DENIED ? "position not allowed on this phone" : "no position found"),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
    const send = (position, refused) => {
      field.value = position || "none";
      const reason = form.elements.namedItem("refused");
      if (refused && reason && !reason.value) reason.value = refused;
      form.requestSubmit(button);
    };
  });
}

/** Latitude, longitude and accuracy in metres, as the server reads them. Pure. */
export function written({ latitude, longitude, accuracy }) {
  return [latitude.toFixed(6), longitude.toFixed(6), Math.min(accuracy, 99_999_999).toFixed(0)].join(",");
}
