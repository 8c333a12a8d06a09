"""Names of countries as people write them, and their codes.

Short and official names of ISO 3166 come from pycountry, those of the panel from the panel. Other
names are listed below: former and everyday names, and those of the UN and the World Bank. Names are
compared by their words, in any order, without case and accents, so that "Congo, Dem. Rep." and
"Democratic Republic of the Congo" are the same name. Partial matches do not count, since part of a
name is often another country.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from sim.data.codes import known_countries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Codes = tuple[str, ...]
_LONGEST = 120

# One line per country: its code, then other names. With several codes, the name may mean any of
# them, most often the first.
_OTHER_NAMES = """
ARE: UAE; Emirates; Trucial States
ATG: Antigua; Antigua and Barb
AUS: Commonwealth of Australia
BES: Caribbean Netherlands
BEN: Dahomey
BFA: Upper Volta; Burkina
BGD: East Pakistan
BHS: The Bahamas
BIH: Bosnia; BiH; Bosnia and Herz
BLR: Byelorussia; Belorussia
BLZ: British Honduras
BRN: Nation of Brunei, Abode of Peace
BWA: Bechuanaland
CAF: CAR; Central Africa Republic
CHN: PRC; PR China; Mainland China; Communist China
CIV: Cote d Ivoire; Ivory Coast
COD: DRC; DR Congo; D R Congo; RD Congo; Congo DR; Congo DRC; Congo Kinshasa; Belgian Congo; Zaire
COG COD: Congo; The Congo
COG: Congo Brazzaville; French Congo; Congo Republic
CPV: Cape Verde Islands
CZE SVK: Czechoslovakia
CZE: Czech; Bohemia
DEU: East Germany; West Germany; GDR; FRG; German Democratic Republic
DOM: Dominican Rep
ESH: West Sahara
ETH: Abyssinia
FLK: Falkland Islands; Falklands; Malvinas
FSM: FS Micronesia; Federal States of Micronesia
GBR: UK; U K; Britain; Great Britain; England; Scotland; Wales; Northern Ireland
GEO: Republic of Georgia; Sakartvelo
GHA: Gold Coast
GIN: Guinea Conakry; Conakry
GNB: Portuguese Guinea
GNQ: Spanish Guinea
GRC: EL; Hellas
GUF: Guiana
GUY: British Guiana; Co-operative Republic of Guyana; Cooperative Republic of Guyana
HKG: Hong Kong SAR; Hong Kong SAR China; Hong Kong China; HKSAR; China Hong Kong SAR
HUN: Republic of Hungary
IDN: Dutch East Indies
IRL: Republic of Ireland; Eire
IRN: Persia
IRQ: Mesopotamia
JOR: Transjordan
KGZ: Kirghizia; Kirgizstan; Kyrgyzia
KHM: Kampuchea; Khmer Republic
KIR: Gilbert Islands
KNA: St Kitts; St Christopher and Nevis
KOR PRK: Korea
KOR: ROK; Korea South
LAO: Lao; Lao PDR; LPDR
LBY: State of Libya; Libyan Arab Jamahiriya; Lybia
LKA: Ceylon
LSO: Basutoland
LUX: Luxemburg
MAC: Macau; Macao SAR; Macao SAR China; Macau SAR
MAF SXM: Saint Martin
MDA: Moldavia; Bessarabia
MDG: Malagasy Republic
MDV: Maldive Islands
MKD: Macedonia; FYROM; FYR Macedonia; TFYR Macedonia; Former Yugoslav Republic of Macedonia
MLI: French Sudan
MMR: Burma; Union of Burma; Republic of the Union of Myanmar
MWI: Nyasaland
MYS: Malaya; Federation of Malaysia
NER: Republic of Niger
NLD: Holland
PRK: DPRK; DPR Korea; DPR of Korea; Democratic Republic of Korea; Korea North
PSE: Palestinian Territories; Palestinian Territory; Occupied Palestinian Territory;
  Occupied Palestinian Territories; West Bank and Gaza; West Bank; Gaza; Gaza Strip;
  Palestinian Authority; West Bank and Gaza Strip; OPT
ROU: Rumania
RUS: Russian Fed; Soviet Union; USSR; Union of Soviet Socialist Republics
RWA: Republic of Rwanda
SAU: KSA; Saudi
SLV: Salvador
SRB HRV SVN BIH MKD MNE: Yugoslavia; Jugoslavia
SRB MNE: Serbia and Montenegro
STP: Sao Tome
SUR: Dutch Guiana; Surinam
SVK: Slovak
SWZ: Swaziland
SXM: Sint Maarten
SYC: Republic of the Seychelles
THA: Siam
TKM: Turkmenia
TLS: East Timor; Timor; Portuguese Timor; Timor Leste
TTO: Trinidad
TUR: Turkey; Republic of Turkey
TUV: Ellice Islands
TWN: Taiwan China; Taiwan ROC; Chinese Taipei; Taipei; Republic of China; ROC; Formosa;
  China Taiwan; Taiwan Province of China
TZA: Tanganyika; Zanzibar; Republic of Tanzania
URY: Oriental Republic of Uruguay
USA: US; U S; U S A; US of A; America; United States of North America
VAT: Vatican; Vatican City; Holy See
VCT: St Vincent; St Vin and Gren
VEN: Venezuela RB
VIR VGB: Virgin Islands
VNM: Socialist Republic of Vietnam; Vietnam North; Vietnam South; North Vietnam; South Vietnam
VUT: New Hebrides
WSM: Western Samoa
XKX: Republic of Kosovo; XK; Kosovo under UNSCR 1244; KOS
YEM: North Yemen; South Yemen; Yemen Arab Republic
ZAF: RSA
ZMB: Northern Rhodesia
ZWE: Rhodesia; Southern Rhodesia
"""

# Codes of the International Olympic Committee that differ from ISO's; ISO's own come first.
_OLYMPIC_CODES = """
ALG DZA ANG AGO ANT ATG BAH BHS BAN BGD BAR BRB BHU BTN BIZ BLZ BOT BWA BRU BRN BUL BGR BUR BFA
CAM KHM CGO COG CHA TCD CHI CHL CRC CRI CRO HRV DEN DNK ESA SLV FIJ FJI GAM GMB GBS GNB GEQ GNQ
GER DEU GRE GRC GRN GRD GUA GTM GUI GIN HAI HTI HON HND INA IDN IRI IRN ISV VIR IVB VGB KUW KWT
LAT LVA LBA LBY LES LSO LIB LBN MAD MDG MAS MYS MAW MWI MGL MNG MON MCO MRI MUS MTN MRT MYA MMR
NCA NIC NED NLD NEP NPL NGR NGA NIG NER OMA OMN PAR PRY PHI PHL PLE PSE POR PRT PUR PRI RSA ZAF
SAM WSM SEY SYC SKN KNA SLO SVN SOL SLB SRI LKA SUD SDN SUI CHE TAN TZA TGA TON TOG TGO TPE TWN
UAE ARE URU URY VAN VUT VIE VNM VIN VCT ZAM ZMB ZIM ZWE
"""

_ABBREVIATED = {
    "dem": "democratic",
    "eq": "equatorial",
    "fed": "federal",
    "federated": "federal",
    "is": "islands",
    "isl": "islands",
    "n": "north",
    "pdr": "peoples democratic republic",
    "rb": "bolivarian republic",
    "rep": "republic",
    "s": "south",
    "sar": "special administrative region",
    "st": "saint",
    "sts": "states",
    "w": "west",
}
_SILENT = frozenset({"the", "of", "and"})
_WITHIN_WORDS = re.compile("['\u2018\u2019\u02bc\u00b4\u0060.]")
_BETWEEN_NAMES = re.compile(r"[()\[\]/=]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def codes_of(text: str) -> _Codes:
    """Return the ISO3 codes that a code or name may mean.

    Parameters
    ----------
    text : str
        An ISO code of two or three letters, or a name (common, official or former), with or without
        capitals and accents. Or two names of one country, the second in brackets.

    Returns
    -------
    tuple of str
        One code for an unambiguous name, several for an ambiguous one, none for an unknown one.
        Territories of ISO 3166 that are not in the panel are included.

    Examples
    --------
    >>> codes_of("Congo, Dem. Rep."), codes_of("uk"), codes_of("Korea"), codes_of("American Samoa")
    (('COD',), ('GBR',), ('KOR', 'PRK'), ('ASM',))
    """
    word = text.strip()[:_LONGEST]
    code = _plain(word).upper()
    if code in known_countries():
        return (code,)
    return _by_code().get(code) or _by_name().get(_key(word)) or _codes_of_parts(word)


def _codes_of_parts(text: str) -> _Codes:
    """Return the codes that several names in one text share, as in "Myanmar (Burma)"."""
    parts = [part for part in _BETWEEN_NAMES.split(text) if part.strip()]
    if len(parts) < 2:
        return ()
    first, *others = (
        _by_code().get(_plain(p).upper()) or _by_name().get(_key(p), ()) for p in parts
    )
    return tuple(code for code in first if all(code in other for other in others))


def country_code(text: str) -> str | None:
    """Return the ISO3 code of the single country of the panel that a text means.

    Parameters
    ----------
    text : str
        Same as for `codes_of`.

    Examples
    --------
    >>> country_code("Cote d'Ivoire"), country_code("Korea"), country_code("Atlantis")
    ('CIV', None, None)
    """
    codes = codes_of(text)
    return codes[0] if len(codes) == 1 and codes[0] in known_countries() else None


def iso_name(code: str) -> str:
    """Return the short name of a code: that of the panel, or else that of ISO 3166.

    Examples
    --------
    >>> iso_name("KOR"), iso_name("ASM")
    ('South Korea', 'American Samoa')
    """
    import pycountry

    if code in known_countries():
        return known_countries()[code]
    found = pycountry.countries.get(alpha_3=code)
    return str(found.name) if found is not None else code


def nearest_codes(text: str) -> _Codes:
    """Return the codes of the name spelt most like a text; none if no name is near.

    Examples
    --------
    >>> nearest_codes("Norwya"), nearest_codes("Northern Island")
    (('NOR',), ('GBR',))
    """
    names = _spelt()
    near = difflib.get_close_matches(_plain(text[:_LONGEST]), names, n=1, cutoff=0.8)
    return names[near[0]] if near else ()


def n_names() -> int:
    """Return how many names an unknown text is compared with."""
    return len(_spelt())


def _plain(text: str) -> str:
    """Return a name in lower case without accents and marks, with its words in order."""
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    return _BETWEEN_WORDS.sub(" ", _WITHIN_WORDS.sub("", bare.replace("&", " and "))).strip()


def _key(name: str) -> str:
    """Return the words of a name in alphabetical order, with abbreviations written out."""
    words = " ".join(_ABBREVIATED.get(word, word) for word in _plain(name).split()).split()
    return " ".join(sorted(word for word in words if word not in _SILENT))


@cache
def _by_code() -> Mapping[str, _Codes]:
    """Return the meaning of codes from lists other than the panel."""
    import pycountry

    olympic = iter(_OLYMPIC_CODES.split())
    found = dict(zip(olympic, olympic, strict=True))
    for country in pycountry.countries:
        found[country.alpha_2] = found[country.alpha_3] = country.alpha_3
    return MappingProxyType({code: (iso3,) for code, iso3 in found.items()})


@cache
def _by_name() -> Mapping[str, _Codes]:
    """Return the meaning of names, by their words; our own lines take precedence."""
    return MappingProxyType({_key(name): codes for name, codes in _names()})


@cache
def _spelt() -> Mapping[str, _Codes]:
    """Return the codes of all names as spelt; initials are left out, since they match anything."""
    return MappingProxyType({_plain(name): codes for name, codes in _names() if len(name) > 3})


def _names() -> Iterator[tuple[str, _Codes]]:
    """Yield every name with its codes; if a name is repeated, the last entry holds."""
    import pycountry

    for country in pycountry.countries:
        for kind in ("name", "official_name", "common_name"):
            name = getattr(country, kind, None)
            if name:
                yield name, (country.alpha_3,)
    for code, name in known_countries().items():
        yield name, (code,)
    for line in _OTHER_NAMES.replace("\n  ", " ").strip().splitlines():
        codes, _, names = line.partition(":")
        for name in names.split(";"):
            if name.strip():
                yield name.strip(), tuple(codes.split())
