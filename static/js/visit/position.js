// Where the phone believes it is. A signal, never a lock: no answer, or no permission, is told in words instead.

const SATELLITES_MS = 10_000;

/** {position} or {refused: why}, in the shapes of a mark. Never fails. */
export function findPosition() {
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ position: written(coords) }),
      (failure) => done({ refused: failure.code === failure.PERMISSION_DENIED ? "position not allowed on this phone" : "no position found" }),
      { enableHighAccuracy: true, timeout: SATELLITES_MS, maximumAge: 0 },
    );
  });
}

/** Latitude, longitude and accuracy in metres, as the server reads them: about a hand's breadth, no more. Pure. */
export function written({ latitude, longitude, accuracy }) {
  return { latitude: +latitude.toFixed(6), longitude: +longitude.toFixed(6), accuracy_m: Math.min(Math.round(accuracy), 99_999_999) };
}
