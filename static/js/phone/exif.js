// What a JPEG says of itself before it is shrunk: when and where it was taken. Reads only; never fails.

const TAGS = { 0x8769: "exif", 0x8825: "gps" };
const WANTED = { 0x9003: "taken", 0x9011: "offset", 1: "south", 2: "latitude", 3: "west", 4: "longitude", 31: "metres" };
const WIDTHS = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/** {at?: ISO text, position?: {latitude, longitude, accuracy_m}} of a JPEG in an ArrayBuffer; {} if it says nothing.
 *  `zone` is the phone's own offset in minutes, as getTimezoneOffset has it, for cameras that give none. Pure. */
export function readExif(buffer, zone = 0) {
  try {
    const view = new DataView(buffer);
    const start = exifIn(view);
    return start ? told(tagsIn(view, start), zone) : {};
  } catch {
    return {}; // cut short or nonsense: then it says nothing
  }
}

function exifIn(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
    if (view.getUint16(at) === 0xffda) return 0;
  }
  return 0;
}

function tagsIn(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const short = (at) => view.getUint16(start + at, little);
  const long = (at) => view.getUint32(start + at, little);
  const found = {};
  const ratio = (at) => long(at) / (long(at + 4) || 1);
  const words = (at, length) => String.fromCharCode(...new Uint8Array(view.buffer, start + at, length)).split("\0")[0];
  const look = (folder, wanted) => {
    for (let n = 0; n < short(folder); n++) {
      const at = folder + 2 + n * 12;
      const [tag, type, count] = [short(at), short(at + 2), long(at + 4)];
      const where = (WIDTHS[type] ?? 1) * count > 4 ? long(at + 8) : at + 8;
      if (TAGS[tag] && wanted === TAGS) look(long(at + 8), WANTED);
      else if (wanted[tag]) found[wanted[tag]] = type === 2 ? words(where, count) : Array.from({ length: Math.min(count, 3) }, (_, i) => ratio(where + i * 8));
    }
  };
  look(long(4), TAGS);
  return found;
}

function told({ taken, offset, latitude, longitude, south, west, metres }, zone) {
  const [, ...parts] = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(taken ?? "") ?? [];
  const clock = parts.length && `${parts.slice(0, 3).join("-")}T${parts[3]}${/^[+-]\d\d:\d\d$/.test(offset ?? "") ? offset : written(zone)}`;
  const degrees = ([whole, minutes = 0, seconds = 0], minus) => +((minus ? -1 : 1) * (whole + minutes / 60 + seconds / 3600)).toFixed(6);
  const place = latitude?.length && longitude?.length && { latitude: degrees(latitude, south === "S"), longitude: degrees(longitude, west === "W"), accuracy_m: Math.round(metres?.[0] ?? 0) };
  const sound = place && Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 && (place.latitude || place.longitude);
  return { ...(clock && !isNaN(Date.parse(clock)) && { at: clock }), ...(sound && { position: place }) };
}

function written(zone) {
  const minutes = Math.abs(zone);
  return `${zone > 0 ? "-" : "+"}${[Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":")}`;
}
