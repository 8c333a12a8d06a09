"""Countries are found by the names that people and other tables give them."""

from __future__ import annotations

import unicodedata

import pycountry
import pytest

from sim.data.codes import known_countries
from sim.data.country_names import codes_of, country_code, iso_name, nearest_codes

# The World Bank's names where they differ from the panel's.
WORLD_BANK = """
BHS Bahamas, The; BRN Brunei Darussalam; COD Congo, Dem. Rep.; COG Congo, Rep.;
CIV Cote d'Ivoire; CPV Cabo Verde; EGY Egypt, Arab Rep.; FSM Micronesia, Fed. Sts.;
GMB Gambia, The; HKG Hong Kong SAR, China; IRN Iran, Islamic Rep.; KGZ Kyrgyz Republic;
KNA St. Kitts and Nevis; KOR Korea, Rep.; LAO Lao PDR; LCA St. Lucia;
PRK Korea, Dem. People's Rep.; PSE West Bank and Gaza; RUS Russian Federation;
SOM Somalia, Fed. Rep.; STP Sao Tome and Principe; SVK Slovak Republic; SYR Syrian Arab Republic;
TUR Turkiye; TWN Taiwan, China; VCT St. Vincent and the Grenadines; VEN Venezuela, RB;
VNM Viet Nam; YEM Yemen, Rep.
"""
# Those of the United Nations, short and official.
UNITED_NATIONS = """
BOL Bolivia (Plurinational State of); COD Democratic Republic of the Congo;
COG Republic of the Congo; FSM Micronesia (Federated States of);
GBR United Kingdom of Great Britain and Northern Ireland; IRN Iran (Islamic Republic of);
KOR Republic of Korea; LAO Lao People's Democratic Republic; MDA Republic of Moldova;
MMR Republic of the Union of Myanmar; NLD Netherlands (Kingdom of the);
PRK Democratic People's Republic of Korea; PSE State of Palestine; RWA Republic of Rwanda;
TZA United Republic of Tanzania; URY Eastern Republic of Uruguay; USA United States of America;
VEN Venezuela (Bolivarian Republic of); VNM Socialist Republic of Viet Nam
"""
EVERYDAY = """
ARE UAE; ARE U.A.E.; BIH Bosnia; CAF CAR; CHN PRC; CIV Ivory Coast; COD DRC; COD DR Congo;
COD Congo-Kinshasa; COG Congo-Brazzaville; CZE Czech Republic; DEU GER; FSM Micronesia; GBR UK;
GBR U.K.; GBR Great Britain; GBR England; GBR Northern Ireland; IRL Republic of Ireland;
GBR United Kingdom (UK); GNQ Eq. Guinea; KOR Korea (ROK); COD Congo/Zaire;
KOR ROK; KOR S. Korea; NLD Holland; NLD The Netherlands; PRK DPRK; PRK N. Korea; RUS Russia;
SAU KSA; TTO Trinidad & Tobago; TUR Turkey; TWN Chinese Taipei; USA U.S.; USA US; USA U.S.A.;
USA America; VNM Vietnam; WSM Western Samoa
"""
FORMER = """
BEN Dahomey; BFA Upper Volta; BLR Byelorussia; COD Zaire; CPV Cape Verde; IRN Persia; KHM Kampuchea;
LKA Ceylon; MKD Macedonia; MKD FYROM; MMR Burma; SWZ Swaziland; RUS USSR; THA Siam; TLS East Timor;
VUT New Hebrides; ZWE Rhodesia; MMR Myanmar (Burma); TUR Türkiye (Turkey); SWZ Eswatini [Swaziland];
CIV Ivory Coast (Côte d'Ivoire); CZE Czech Republic (Czechia)
"""
# Names in which another country's is contained, or that differ by little.
NEIGHBOURS = """
DMA Dominica; DOM Dominican Republic; GEO Georgia; GIN Guinea; GNB Guinea-Bissau;
GNQ Equatorial Guinea; IRL Ireland; NER Niger; NGA Nigeria; PNG Papua New Guinea; SDN Sudan;
SSD South Sudan; WSM Samoa; MLI Mali; SOM Somalia; AUT Austria; AUS Australia; IND India;
OMN Oman; ROU Romania; UKR Ukraine; MEX Mexico; JOR Jordan; TCD Chad
"""


def entries(*tables: str) -> list[tuple[str, str]]:
    """Return name and code of each entry."""
    found = [entry.split() for table in tables for entry in table.split(";")]
    return [(" ".join(words), code) for code, *words in found]


def spellings(name: str) -> set[str]:
    """Return a name as it is typed: any case, accents composed, decomposed and left out."""
    decomposed = unicodedata.normalize("NFD", name)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    forms = {name, unicodedata.normalize("NFC", name), decomposed, bare, f"  {name}\u00a0"}
    forms |= {form.replace("'", "\u2019") for form in forms}
    return forms | {form.upper() for form in forms} | {form.lower() for form in forms}


def test_every_country_is_found_by_its_codes_and_by_all_its_names_in_iso_3166() -> None:
    assert len(known_countries()) == 197
    for code, name in known_countries().items():
        entry = pycountry.countries.get(alpha_3=code)
        kinds = ("alpha_2", "alpha_3", "name", "official_name", "common_name")
        names = {code, name} | {getattr(entry, kind, code) for kind in kinds}
        # Two states call themselves so; nothing but the name itself says which is meant.
        for spelling in {s for known in names - {"Congo"} for s in spellings(known)}:
            assert codes_of(spelling) == (code,), spelling


@pytest.mark.parametrize(
    ("name", "code"), entries(WORLD_BANK, UNITED_NATIONS, EVERYDAY, FORMER, NEIGHBOURS)
)
def test_a_name_is_found_however_it_is_spelt(name: str, code: str) -> None:
    assert {country_code(spelling) for spelling in spellings(name)} == {code}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Korea", ("KOR", "PRK")),
        ("Congo", ("COG", "COD")),
        ("Czechoslovakia", ("CZE", "SVK")),
        ("Virgin Islands", ("VIR", "VGB")),
    ],
)
def test_a_name_of_several_stands_for_none_of_them(name: str, codes: tuple[str, ...]) -> None:
    assert codes_of(name) == codes
    assert country_code(name) is None


@pytest.mark.parametrize("name", ["American Samoa", "Puerto Rico", "Macau", "Vatican", "Greenland"])
def test_a_territory_outside_the_panel_is_known_and_is_no_country(name: str) -> None:
    (code,) = codes_of(name)
    assert country_code(name) is None
    entry = pycountry.countries.get(alpha_3=code)
    assert entry is not None
    assert iso_name(code) == entry.name


@pytest.mark.parametrize(
    "name", ["", " ", "the", "of", "South", "Republic", "New Mexico", "New Guinea", "EU", "UX", "?"]
)
def test_a_part_of_a_name_is_no_name(name: str) -> None:
    assert codes_of(name) == ()


def test_slips_are_near_to_what_was_meant() -> None:
    slips = {"Norwya": "NOR", "Swtizerland": "CHE", "Phillipines": "PHL", "Holand": "NLD"}
    assert {slip: nearest_codes(slip) for slip in slips} == {s: (c,) for s, c in slips.items()}
    assert nearest_codes("Atlantis") == ()


@pytest.mark.parametrize("text", ["Puerto Rico (US)", "Georgia (US)", "Niger / Nigeria", "()", "/"])
def test_names_of_two_countries_are_the_name_of_none(text: str) -> None:
    assert codes_of(text) == ()


def test_an_abbreviation_is_not_taken_for_another_country() -> None:
    assert country_code("Eq. Guinea") == "GNQ"
    assert codes_of("Falkland Islands") == ("FLK",)
    assert codes_of("Yugoslavia")[0] == "SRB"
