"""Which encoding a text is in: told by its marks, by UTF-8's own strictness, else guessed. Refuses what is no text."""

from __future__ import annotations

from itertools import pairwise

from audit.domain.errors import InvalidTable

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# Guessing among all the encodings of the world finds ever more wrong ones; these are what spreadsheets write.
_LATIN = ("cp1252", "cp1250", "cp1254", "mac_roman", "latin_1")
_EAST_ASIAN = {"cp932": (0x88, 0x98), "gb18030": (0xB0, 0xD7), "euc_jp": (0xB0, 0xCF), "big5hkscs": (0xA4, 0xC6)}
# The letters that make up most of a text in the script of that encoding.
_USUAL = {
    "cp1251": frozenset("оеаинтсрвлкмдпуяыгзб"),
    "koi8_r": frozenset("оеаинтсрвлкмдпуяыгзб"),
    "cp1253": frozenset("αειονστρςηκπμλυίόάέή"),
    "cp1255": frozenset("יוהלאתרבשמןםנחקפדסףגע"),
    "cp1256": frozenset("اليمنروتبةعدسفهكحقأ"),
}
_USUAL_KOREAN = frozenset(
    "가강개거경고공과구군권금기길김나남내노당대도동두드라려로리마면명모목무문미민박방번별보본부북사산상서선성세소송수순시신"
    "아안암양업여역연영오용우울원유은을이인일자장전점정제조종주중지진창천청촌춘충코토평포하한항해현호홍화회"
)
_SAMPLE_BYTES = 200_000
# Even Turkish and Polish have fewer accented letters than this among all; other scripts have far more.
_MOST_ACCENTS = 0.3

# The letters beyond ASCII of languages, each with its signs: a right guess makes words of one language.
_LETTERS = tuple(
    frozenset(letters + letters.upper() + "’‘“”–—…€§°«»·´\xa0")
    for letters in (
        "àâæçéèêëîïôœùûüÿ",
        "äöüß",
        "áéíóúñü¿¡ºª",
        "àèéìíòóùú",
        "áâãàçéêíóôõúüºª",
        "åäöøæé",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýžľĺŕôä",
        "áéíóöőúüű",
        "ăâîșțşţ",
        "čćđšž",
        "çğıiöşüâîûİ",
    )
)


def decode_text(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises InvalidTable when it is not text, or text that was damaged."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _decode_marked(raw, encoding), encoding.removesuffix("-sig")
    if b"\x00" in raw:
        return _decode_unmarked_utf16(raw)
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        _refuse_damaged_utf8(raw, error)
    encoding = _guess(raw[:_SAMPLE_BYTES])
    for each in (encoding, "cp1252"):
        try:
            return raw.decode(each), each
        except UnicodeDecodeError:
            continue
    return raw.decode("latin_1"), "latin_1"


def _decode_marked(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidTable(
            "This file is marked as {encoding} but is cut short or damaged. Save it again as CSV UTF-8.",
            encoding=encoding.removesuffix("-sig").upper(),
        ) from error
    if "\x00" in text:
        raise _not_text()
    return text


def _decode_unmarked_utf16(raw: bytes) -> tuple[str, str]:
    """Where UTF-16 lost its mark, half of the bytes of every separator and every break of line are still zero."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and any(sign in text for sign in "\n\r,;\t"):
            return text, encoding
    raise _not_text()


def _refuse_damaged_utf8(raw: bytes, error: UnicodeDecodeError) -> None:
    """A file that is UTF-8 nearly everywhere is not in another encoding: a guess would spoil all its names."""
    text = raw.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    if sound >= 10 * broken:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InvalidTable(
            "This file is UTF-8, but some letters are damaged. Write them anew, or save the file again as CSV UTF-8.",
            place=f"line {line}",
        ) from error


def _guess(sample: bytes) -> str:
    """The likeliest encoding: a Western one where accents are few among plain letters, else by the letters it makes."""
    latin = max(_LATIN, key=lambda encoding: _latin_share(sample, encoding))
    high = sum(byte > 0x7F for byte in sample)
    plain = sum(chr(byte).isalpha() for byte in sample if byte <= 0x7F)
    if high < _MOST_ACCENTS * (high + plain):
        return latin
    if _share(_foreign(sample, "cp949"), _USUAL_KOREAN) > 0.4:
        return "cp949"
    single = max(_USUAL, key=lambda encoding: _single_byte_share(sample, encoding))
    if _single_byte_share(sample, single) > 0.7:
        return single
    double = max(_EAST_ASIAN, key=lambda encoding: _east_asian_share(_foreign(sample, encoding), encoding))
    if _east_asian_share(_foreign(sample, double), double) > 0.5:
        return double
    return latin if _latin_share(sample, latin) > _single_byte_share(sample, single) else single


def _foreign(sample: bytes, encoding: str) -> str:
    """What is not ASCII in the sample, read in that encoding."""
    return "".join(letter for letter in sample.decode(encoding, errors="replace") if letter > "\x7f")


def _share(letters: str, usual: frozenset[str]) -> float:
    return sum(letter in usual for letter in letters) / max(1, len(letters))


def _latin_share(sample: bytes, encoding: str) -> float:
    """How much is explained by the one language that explains most, less what is crooked; at most 1."""
    letters = _foreign(sample, encoding)
    return max(_share(letters, language) for language in _LETTERS) - _crooked(sample, encoding)


def _single_byte_share(sample: bytes, encoding: str) -> float:
    """How much is usual in the script of that encoding, less what is crooked or mixed with Latin letters; at most 1."""
    letters = _foreign(sample, encoding)
    if encoding != "koi8_r":  # whose capitals are where other sets have their small letters
        letters = letters.lower()
    text = sample.decode(encoding, errors="replace")
    mixed = sum(
        before.isascii() != after.isascii() and before.isalpha() and after.isalpha() for before, after in pairwise(text)
    )
    return _share(letters, _USUAL[encoding]) - _crooked(sample, encoding) - mixed / max(1, len(letters))


def _crooked(sample: bytes, encoding: str) -> float:
    """Capitals inside words, for each letter that is not ASCII: the mark of a wrong guess."""
    text = sample.decode(encoding, errors="replace")
    pairs = sum(before.islower() and after.isupper() and after > "\x7f" for before, after in pairwise(text))
    return pairs / max(1, sum(letter > "\x7f" for letter in text))


def _east_asian_share(letters: str, encoding: str) -> float:
    """How much is in everyday use in the language of that encoding, 0 to 1; 0 where the bytes break its rules."""
    if "\ufffd" in letters[:-1]:
        return 0.0
    # Kana stand in the Chinese sets too, at the same places as in EUC-JP; a text full of them is Japanese.
    kana = sum("\u3041" <= letter <= "\u30fe" for letter in letters)
    if kana * 5 > len(letters) and encoding not in {"cp932", "euc_jp"}:
        return 0.0
    return sum(_is_everyday(letter, encoding) for letter in letters) / max(1, len(letters))


def _is_everyday(letter: str, encoding: str) -> bool:
    if "\u3041" <= letter <= "\u30fe" or "\uff01" <= letter <= "\uff5e" or "\u3000" <= letter <= "\u3015":
        return True
    if not "\u4e00" <= letter <= "\u9fff":
        return False
    # The first level of each national set holds the characters in common use; it can be told by the lead byte.
    first, last = _EAST_ASIAN[encoding]
    return first <= letter.encode(encoding, errors="replace")[0] <= last


def _not_text() -> InvalidTable:
    return InvalidTable("This file is not a table of text. Save it as an Excel workbook (.xlsx) or as CSV UTF-8.")
