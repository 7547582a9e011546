"""Recognise names of places, before which people put a pin emoji."""

from __future__ import annotations

import re
from functools import cache

_COUNTRIES = """
Argentina Australia Austria Bangladesh Belgium Brazil Bulgaria Canada Chile China Colombia Croatia
Denmark Egypt England Estonia Ethiopia Europe Finland France Germany Ghana Greece Hungary Iceland
India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kenya Latvia Lebanon Lithuania
Luxembourg Malaysia Malta Mexico Morocco Nepal Netherlands Nigeria Norway Pakistan Palestine Peru
Philippines Poland Portugal Romania Russia Scotland Senegal Serbia Singapore Slovakia Slovenia
Spain Sweden Switzerland Syria Taiwan Thailand Tunisia Turkey Uganda UK Ukraine US USA Uruguay
Venezuela Vietnam Wales
"""
_CITIES = """
Aberdeen Amsterdam Ankara Antwerp Athens Atlanta Auckland Austin Baltimore Bangalore Bangkok
Barcelona Basel Beijing Beirut Belfast Belgrade Bengaluru Bergen Berkeley Berlin Bern Birmingham
Bogotá Bologna Bonn Bordeaux Boston Bratislava Brisbane Bristol Brooklyn Brussels Bucharest Budapest
Cairo Calgary California Cambridge Canberra Cardiff Chicago Cleveland Cologne Copenhagen Dallas
Delhi Denver Detroit Dhaka Dresden Dubai Dublin Edinburgh Florence Florida Frankfurt Geneva Genoa
Ghent Glasgow Gothenburg Groningen Hamburg Hanoi Helsinki Heidelberg Houston Istanbul Jakarta
Jerusalem Johannesburg Karachi Kraków Kyiv Kyoto Lagos Lausanne Leeds Leiden Leipzig Lille Lima
Lisbon Liverpool Ljubljana London Lyon Madrid Malmö Manchester Manila Marseille Melbourne Miami
Milan Milwaukee Minneapolis Minnesota Montpellier Montreal Montréal Moscow Mumbai Munich Nairobi
Nantes Naples Nashville Newcastle Nice NYC Oakland Oregon Osaka Oslo Ottawa Oxford Padua Palo Paris
Philadelphia Pittsburgh Porto Portland Potsdam Prague Princeton Québec Quito Reykjavik Riga Rome
Rotterdam Sacramento Santiago Seattle Seoul Shanghai Sheffield Sofia Stockholm Stanford Stuttgart
Sydney Taipei Tallinn Tampere Tbilisi Tehran Texas Tokyo Toronto Toulouse Tunis Turin Uppsala
Utrecht Valencia Vancouver Venice Vermont Vienna Vilnius Warsaw Washington Winnipeg York Zagreb
Zurich Zürich
"""
_TWO_WORDS = """
New York|New Delhi|New Orleans|New Zealand|New Haven|New Jersey|New Mexico|Los Angeles|San Francisco
|San Diego|San Jose|Santa Cruz|Santa Barbara|Salt Lake City|St. Louis|Las Vegas|Palo Alto|Ann Arbor
|Bay Area|SF Bay Area|Buenos Aires|São Paulo|Rio de Janeiro|Mexico City|Cape Town|Hong Kong|Tel Aviv
|South Africa|South Korea|Costa Rica|Saudi Arabia|Sri Lanka|Czech Republic|Northern Ireland
|United Kingdom|United States|The Hague|The Netherlands|Washington DC|Washington D.C.|Brooklyn NY
"""
_STATES = re.compile(
    r"A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKRN]|PA|QC|RI"
    r"|S[CD]|T[NX]|UT|V[AT]|W[AIVY]|BC|AB"
)


@cache
def _known_places() -> frozenset[str]:
    longer = _TWO_WORDS.replace("\n", "").split("|")
    return frozenset([*_COUNTRIES.split(), *_CITIES.split(), *longer])


def is_place(line: str) -> bool:
    """Return whether a line has only names of places: `Lima`, `Oakland, CA`, `Oslo / Rome`."""
    parts = [part.strip() for part in re.split(r"[,/|&·+]|\s[-–—]\s|→", line)]
    return parts[0] in _known_places() and all(
        p in _known_places() or _STATES.fullmatch(p) for p in parts
    )
