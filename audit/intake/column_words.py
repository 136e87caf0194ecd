"""The words with which people head the columns of a list, in ten languages. Owns the vocabulary, no choice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# What a word in a heading of a branch list speaks of. Words are separated by spaces; an underscore holds a phrase.
VOCABULARY: dict[str, str] = {
    "branch": """
        branch branches agency agencies shop shops store stores outlet outlets site office offices location
        place restaurant hotel station unit post_office point_of_sale pos agence agences succursale succursales
        magasin boutique bureau point_de_vente etablissement guichet filiale filialen zweigstelle
        geschaftsstelle niederlassung standort markt laden betriebsstatte sucursal sucursales agencia agencias
        tienda tiendas oficina local establecimiento punto_de_venta filial filiali negozio negozi sportello
        punto_vendita sede agenzia loja lojas balcao ponto_de_venda vestiging vestigingen filiaal kantoor winkel
        winkels 支店 店舗 店 営業所 出張所 拠点 网点 分行 支行 分店 门店 分支机构 機構 机构 分公司 門市 فرع
        الفرع فروع وكالة محل متجر مكتب
    """,
    "code": """
        code codes id ids identifier key kode codice codici codigo kennung kurzel kenn matricule clave
        identifiant コード 代码 代碼 编码 編碼 编号 編號 رمز كود الكود معرف
    """,
    "number": "number no nr num nbr nummer numero nos n n° 番号 番號 号码 号 رقم",
    "name": """
        name names title label nom noms nome nombre denominacion denominazione denomination designation intitule
        libelle bezeichnung benennung naam omschrijving titre titulo designacao 名 名称 名稱 名前 اسم تسمية
    """,
    "area": """
        area region regio regione regiao zone zona gebiet bezirk bereich エリア 地域 地区 區域 区域 大区 منطقة المنطقة
        اقليم جهة
    """,
    "province": """
        province provincia provincie state bundesland wilaya wil willaya governorate gouvernorat governorato
        departement department departamento estado canton kanton prefecture regierungsbezirk land 都道府県 県 省
        省份 州 ولاية محافظة مقاطعة
    """,
    "district": "district districts distrito distretto county comarca territory territoire division kreis landkreis",
    "locality": """
        locality city town village commune municipality municipio ville localite ort stadt gemeinde ciudad
        localidad poblacion citta comune localita cidade localidade concelho plaats stad woonplaats gemeente
        市区町村 市 市町村 城市 市县 مدينة بلدية البلدية دائرة
    """,
    "address": """
        address addresses street road addr adresse adresses rue voie strasse str anschrift strassenname
        direccion calle domicilio indirizzo via endereco morada rua adres straat 住所 所在地 地址 عنوان شارع
    """,
    "postcode": """
        postcode postal zip zipcode postleitzahl plz cap cep codigo_postal code_postal postal_code zip_code
        post_code postnummer 郵便番号 郵便 邮编 邮政编码 郵遞區號 الرمز_البريدي رمز_بريدي
    """,
    "time_zone": """
        timezone time_zone tz tzid fuseau_horaire fuseau zeitzone zona_horaria huso_horario huso fuso_orario
        fuso_horario fuso tijdzone タイムゾーン 時間帯 时区 時區 منطقة_زمنية المنطقة_الزمنية توقيت
    """,
    "opens": """
        open opens opening opened from_time ouvre ouverture offnet offnung geoffnet_ab abre apertura abertura
        apre opent opening_from 開店 開始 営業開始 开门 开始 开业 開門 يفتح فتح افتتاح
    """,
    "closes": """
        close closes closing closed ferme fermeture schliesst schliessung cierra cierre chiude chiusura fecha
        fechamento encerramento sluit sluiting 閉店 終了 営業終了 关门 结束 關門 يغلق غلق اغلاق
    """,
    "hour": "hour time horaire horario orario heure uhrzeit hora ora tijd uur at 時刻 時間 时间 وقت ساعة الساعة",
    "hours": """
        hours horaires offnungszeiten horarios orari openingstijden openingsuren 営業時間
        营业时间
    """,
    "date": "date day datum fecha_de data jour tag dia since 日 日期 日付 تاريخ",
    "latitude": "latitude lat breitengrad breite latitud latitudine breedtegraad 緯度 纬度 خط_العرض",
    "longitude": "longitude lon lng long langengrad lange longitud longitudine lengtegraad 経度 经度 خط_الطول",
    "phone": "phone telephone tel telephon telefon telefono telefone telefoon fon 電話 电话 هاتف",
    "mobile": "mobile mobil movil cellulare telemovel celular handy gsm cell portable 携帯 手机 جوال",
    "fax": "fax telefax telecopie 传真 ファックス فاكس",
    "email": "email mail courriel e_mail correo correo_electronico メール 邮箱 邮件 بريد_الكتروني البريد_الالكتروني",
    "kind": """
        kind type types typ tipo soort category categorie kategorie categoria format 種別 種類 区分 类型 类别
        نوع
    """,
    "foreign": """
        bank banque banca banco company firm brand chain country pays pais paese land_code manager director
        directeur client customer kunde account tax vat siret ust currency website web url fax_no swift bic iban
        group parent owner contact responsable leiter 銀行 金融機関 会社 银行 公司 企业 国 国家 担当 بنك البنك
        شركة الدولة بلد مدير
    """,
}
_FILLERS = frozenset(
    "the of a an de du des d la le les l del della dell di der die das do da dos van het en et und y e of in ال".split()
)
MOST_LETTERS = 300  # of a heading that is looked at: a compound is tried at every place where it may be cut
_NOT_A_LETTER = re.compile(r"[^\w°]+|_+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPACED_SCRIPT = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")


def _plain(text: str) -> str:
    """Small letters without accents, width or points, words separated by single spaces."""
    text = _CAMEL.sub(" ", unicodedata.normalize("NFKC", text.replace("#", " no ").replace("№", " no ")))
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    text = text.replace("ß", "ss").replace("ـ", "").replace("ى", "ي").casefold()
    return _NOT_A_LETTER.sub(" ", unicodedata.normalize("NFC", text)).strip()


@dataclass(frozen=True)
class Words:
    """Known words, and phrases of at most `longest` words, with what they speak of. `unspaced` are those of scripts
    that put no spaces between words, the longest first."""

    meanings: Mapping[str, tuple[str, ...]]
    longest: int
    unspaced: tuple[str, ...]


def know_words(vocabulary: Mapping[str, str]) -> Words:
    """The words of a vocabulary: meaning to words, separated by spaces; an underscore holds a phrase together."""
    meanings: dict[str, tuple[str, ...]] = {}
    for meaning, words in vocabulary.items():
        for word in words.split():
            phrase = _plain(word)
            if meaning not in meanings.get(phrase, ()):
                meanings[phrase] = (*meanings.get(phrase, ()), meaning)
    unspaced = sorted((word for word in meanings if _SPACED_SCRIPT.search(word)), key=len, reverse=True)
    return Words(meanings, max(len(phrase.split()) for phrase in meanings), tuple(unspaced))


OF_BRANCHES = know_words(VOCABULARY)


def read_heading(heading: str, known: Words = OF_BRANCHES) -> tuple[frozenset[str], int]:
    """What a heading speaks of, and how many of its words are not known; nothing of one that is longer than any."""
    if len(heading) > MOST_LETTERS:
        return frozenset(), 1
    words = [word for word in _plain(heading).split() if word not in _FILLERS]
    meanings: set[str] = set()
    unknown = 0
    place = 0
    while place < len(words):
        for length in range(min(known.longest, len(words) - place), 0, -1):
            found = _meanings_of(" ".join(words[place : place + length]), known)
            if found:
                meanings.update(found)
                place += length
                break
        else:
            unknown += 1
            place += 1
    return frozenset(meanings), unknown


def _meanings_of(phrase: str, known: Words) -> tuple[str, ...]:
    if phrase in known.meanings:
        return known.meanings[phrase]
    if phrase.startswith("ال") and phrase[2:] in known.meanings:
        return known.meanings[phrase[2:]]
    if " " in phrase:
        return ()
    return _parts_without_spaces(phrase, known) if _SPACED_SCRIPT.search(phrase) else _parts_of_compound(phrase, known)


def _parts_without_spaces(phrase: str, known: Words) -> tuple[str, ...]:
    """Chinese and Japanese headings set their words side by side: the longest known ones are taken first."""
    found: list[str] = []
    for word in known.unspaced:
        if word in phrase:
            found += known.meanings[word]
            phrase = phrase.replace(word, " ")
    for rest in phrase.split():
        if rest in known.meanings:
            found += known.meanings[rest]
        elif len(rest) > 1:
            return ()
    return tuple(found)


def _parts_of_compound(word: str, known: Words) -> tuple[str, ...]:
    """German and Dutch compounds of two known words, perhaps with a joining s or n: Filialnummer, Vestigingsnaam."""
    for cut in range(len(word) - 2, 2, -1):
        last = known.meanings.get(word[cut:])
        first = next((known.meanings[stem] for stem in _stems(word[:cut]) if stem in known.meanings), None)
        if first and last:
            return (*first, *last)
    return ()


def _stems(first: str) -> tuple[str, ...]:
    return (first, first + "e", first.removesuffix("s"), first.removesuffix("n"), first + "n")
