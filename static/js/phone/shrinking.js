// The worker that makes photos small: at most 1,600 pixels, upright, JPEG. What cannot be decoded here (HEIC in most
// browsers) goes as it is, and the server decodes it.

import { readExif } from "./exif.js";
import { sha256 } from "./hashing.js";

const LONGEST = 1600;
const QUALITY = 0.8;

self.onmessage = async ({ data: { ticket, file } }) => {
  try {
    const original = await file.arrayBuffer();
    const taken = readExif(original, new Date().getTimezoneOffset());
    const small = await shrunk(file);
    if (!small && !isHeif(original)) throw new TypeError("no photo");
    const bytes = small && small.size < file.size ? await small.arrayBuffer() : original;
    const type = bytes === original ? file.type : "image/jpeg";
    const sha = await sha256(bytes);
    self.postMessage({ ticket, bytes, type: type || "application/octet-stream", sha, taken, decoded: Boolean(small) }, [bytes]);
  } catch (trouble) {
    self.postMessage({ ticket, trouble: String(trouble) });
  }
};

// "ftyp" and a brand of pictures: what iPhones make, and what few browsers can open.
function isHeif(buffer) {
  return /^ftyp(hei|hev|mif1|msf1|avif)/.test(String.fromCharCode(...new Uint8Array(buffer, 4, Math.min(8, Math.max(0, buffer.byteLength - 4)))));
}

async function shrunk(file) {
  let picture;
  try {
    // Browsers that do not know the word turn a photo upright by themselves.
    picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => createImageBitmap(file));
  } catch {
    return null;
  }
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff"; // what was transparent would turn black
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
}
