"""Validate SVG: an allow-list of markup that neither runs scripts nor loads other files.

Opened by itself, an SVG is a document of the site. Anything that is not on the list makes it
active content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn
from xml.parsers import expat

MAX_BYTES = 4 << 20
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
# Metadata of editors, which browsers ignore.
_EDITOR_NAMESPACES = (
    "http://www.inkscape.org/namespaces/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://purl.org/dc/",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://ns.adobe.com/",
    "http://www.bohemiancoding.com/sketch/",
    "http://www.figma.com/figma/",
    "http://www.serif.com/",
    "https://boxy-svg.com",
)
# Encodings in which markup is unambiguous; in others a letter may be a "<".
_ENCODINGS = frozenset(("utf-8", "us-ascii", "iso-8859-1"))
_DOCTYPE = re.compile(r"-//W3C//DTD SVG (?:20010904|1\.[01](?: (?:Basic|Tiny))?)//EN")
_DTD = re.compile(r"http://www\.w3\.org/(?:Graphics/SVG/1\.[01]/|TR/[\w/-]+/)DTD/[\w-]+\.dtd")
_SHAPES = """
    svg g defs symbol use switch title desc metadata style path rect circle ellipse line polyline
    polygon text tspan textPath image linearGradient radialGradient stop pattern clipPath mask
    marker filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
    feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB
    feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight
    feSpecularLighting feSpotLight feTile feTurbulence
"""
_MOTIONS = "animate animateMotion animateTransform mpath set"
_ELEMENTS = frozenset(f"{_SHAPES} {_MOTIONS}".split())
_NAMES = """
    id class style role lang tabindex version baseProfile viewBox preserveAspectRatio zoomAndPan
    enable-background width height x y x1 y1 x2 y2 cx cy r rx ry d points dx dy rotate transform
    transform-origin pathLength fx fy fr offset gradientUnits gradientTransform spreadMethod
    patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits
    markerWidth markerHeight markerUnits refX refY orient filterUnits primitiveUnits filterRes
    startOffset method spacing side textLength lengthAdjust media type title requiredFeatures
    requiredExtensions systemLanguage externalResourcesRequired
    in in2 result mode values operator k1 k2 k3 k4 order kernelMatrix divisor bias targetX targetY
    edgeMode kernelUnitLength preserveAlpha surfaceScale diffuseConstant specularConstant
    specularExponent limitingConeAngle pointsAtX pointsAtY pointsAtZ azimuth elevation z scale
    xChannelSelector yChannelSelector stdDeviation radius baseFrequency numOctaves seed
    stitchTiles tableValues slope intercept amplitude exponent
    attributeName attributeType begin end dur min max restart repeatCount repeatDur fill calcMode
    keyTimes keySplines keyPoints from to by path origin additive accumulate
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
    color-interpolation-filters color-profile color-rendering cursor direction display
    dominant-baseline fill-opacity fill-rule filter flood-color flood-opacity font font-family
    font-feature-settings font-size font-size-adjust font-stretch font-style font-variant
    font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical
    image-rendering isolation kerning letter-spacing lighting-color marker marker-end marker-mid
    marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events
    shape-rendering solid-color solid-opacity stop-color stop-opacity stroke stroke-dasharray
    stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
    stroke-width text-align text-anchor text-decoration text-decoration-line text-overflow
    text-rendering unicode-bidi vector-effect visibility white-space word-spacing writing-mode
"""
_ATTRIBUTES = frozenset(_NAMES.split())
_MORE_ATTRIBUTES = re.compile(r"(?:data|aria)-[a-z0-9_.-]+")
_XLINK_ATTRIBUTES = frozenset(("type", "role", "arcrole", "title", "show", "actuate"))
_XML_ATTRIBUTES = frozenset(("space", "lang", "id"))
# A part of the file itself, or an embedded picture or font.
_FRAGMENT = re.compile(r"#[^\s\"'()<>\\]*")
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*", re.I)
_FONT = r"data:(?:font|application)/[a-z0-9.+-]+(?:;charset=[a-z0-9-]+)?;base64,[A-Za-z0-9+/=\s]*"
_URL = re.compile(r"url\(\s*(?P<quote>[\"']?)(?P<url>[^\"'()]*)(?P=quote)\s*\)", re.I)
_INLINE_URL = re.compile(rf"{_FRAGMENT.pattern}|{_PICTURE.pattern}|{_FONT}", re.I)
_EXTERNAL_STYLE = re.compile(
    r"\\|@import|@namespace|@charset|url\s*\(|src\s*\(|image\s*\(|image-set|expression|behavior"
    r"|-moz-binding|element\s*\(|[a-z]+script\s*:",
    re.I,
)


class _ActiveContentError(Exception):
    """The markup has something that a picture does not need."""


def is_picture(data: bytes) -> bool:
    """Return whether an SVG is only a picture, however it is opened."""
    if len(data) > MAX_BYTES or b"\0" in data:
        return False
    try:
        _Validator().read(data)
    except (_ActiveContentError, expat.ExpatError, ValueError, LookupError):
        return False
    return True


class _Validator:
    """Validates the markup of an SVG while it is parsed."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.XmlDeclHandler = self.declaration
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.EntityDeclHandler = _reject
        self.parser.ExternalEntityRefHandler = _reject
        self.parser.SkippedEntityHandler = _reject
        self.parser.ProcessingInstructionHandler = _reject
        self.open: list[str] = []
        self.style: list[str] = []

    def read(self, data: bytes) -> None:
        self.parser.Parse(data, True)

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() not in _ENCODINGS:
            _reject()

    def doctype(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        is_usual = _DOCTYPE.fullmatch(public or "") and _DTD.fullmatch(system or "")
        if has_subset or not is_usual:
            _reject()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self.open and name != f"{_SVG} svg":
            _reject()
        if space == _SVG:
            if local not in _ELEMENTS:
                _reject()
            _check_attributes(local, attributes)
        elif not space.startswith(_EDITOR_NAMESPACES):
            _reject()
        self.open.append(name)

    def end(self, name: str) -> None:
        self.open.pop()
        if name == f"{_SVG} style":
            _check_style("".join(self.style))
            self.style.clear()

    def characters(self, text: str) -> None:
        if self.open[-1] == f"{_SVG} style":
            self.style.append(text)


def _reject(*_: object) -> NoReturn:
    raise _ActiveContentError


def _check_attributes(element: str, attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        namespace, _, local = name.rpartition(" ")
        if local == "href" and namespace in ("", _XLINK):
            _check_href(element, value)
        elif namespace == "":
            _check_attribute(local, value)
        elif namespace in (_XLINK, _XML):
            if local not in (_XLINK_ATTRIBUTES if namespace == _XLINK else _XML_ATTRIBUTES):
                _reject()
        elif not namespace.startswith(_EDITOR_NAMESPACES):
            _reject()


def _check_href(element: str, value: str) -> None:
    """Reject all URLs but fragments of the file and, for images, embedded data."""
    allowed = _PICTURE if element == "image" else _FRAGMENT
    if not (allowed.fullmatch(value.strip()) or _FRAGMENT.fullmatch(value.strip())):
        _reject()


def _check_attribute(name: str, value: str) -> None:
    if name not in _ATTRIBUTES and not _MORE_ATTRIBUTES.fullmatch(name):
        _reject()
    if name == "attributeName" and value.strip() not in _ATTRIBUTES - {"style", "class", "id"}:
        _reject()  # an animation could set a forbidden attribute
    if not name.startswith(("data-", "aria-")):
        _check_style(value)


def _check_style(text: str) -> None:
    """Reject style that may load something; backslash escapes are rejected too."""
    if _EXTERNAL_STYLE.search(_URL.sub(_remove_inline_url, text)):
        _reject()


def _remove_inline_url(match: re.Match[str]) -> str:
    return "" if _INLINE_URL.fullmatch(match["url"].strip()) else match[0]
