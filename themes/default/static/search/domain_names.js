/* Writes the host of an address in one way, as sitegen/text/link_hosts.py and domain_names.py do. */
"use strict";
{
  const PLAIN_HOST = /^(?:https?:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/?#]|$)/;
  const ACE = "xn--", MAX_LABEL = 63;
  const IGNORED = /[\u00ad\u034f\u180b-\u180d\u180f\u200b\u2060\u2064\ufe00-\ufe0f\ufeff\u{1bca0}-\u{1bca3}\u{e0100}-\u{e01ef}]/gu;
  const RARE = /[\u0345\u1c80-\u1c88\u1f80-\u1fff]/g;
  const FORBIDDEN = /[\0-\x20#%./:<>?@[\\\]^|\x7f\ud800-\udfff\ufffd]/u;
  const ASCII = /^[\0-\x7f]*$/;
  const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
  // RFC 3492, section 5.
  const BASE = 36, MIN = 1, MAX = 26, SKEW = 38, DAMP = 700, FIRST_BIAS = 72, FIRST_CODE = 128;

  const nextBias = (delta, count, isFirst) => {
    let rest = Math.floor(delta / (isFirst ? DAMP : 2)), bias = 0;
    rest += Math.floor(rest / count);
    for (; rest > ((BASE - MIN) * MAX) / 2; bias += BASE) rest = Math.floor(rest / (BASE - MIN));
    return bias + Math.floor(((BASE - MIN + 1) * rest) / (rest + SKEW));
  };

  /** Read a number of variable length; return it and the position behind it, NaN if it is cut off. */
  const readNumber = (text, start, bias) => {
    let number = 0, weight = 1;
    for (let at = start, k = BASE; at < text.length; at++, k += BASE) {
      const digit = DIGITS.indexOf(text[at]), threshold = Math.min(Math.max(k - bias, MIN), MAX);
      if (digit < 0) break;
      number += digit * weight;
      if (digit < threshold) return [number, at + 1];
      weight *= BASE - threshold;
    }
    return [NaN, text.length];
  };

  /** Return the characters that Punycode stands for; "" if it is none (RFC 3492, section 6.2). */
  const decode = (text) => {
    const end = text.lastIndexOf("-"), chars = [...text.slice(0, Math.max(end, 0))];
    if (end === 0 || !ASCII.test(text)) return "";
    let code = FIRST_CODE, bias = FIRST_BIAS, place = 0, at = end + 1;
    while (at < text.length) {
      const [delta, next] = readNumber(text, at, bias), count = chars.length + 1;
      bias = nextBias(delta, count, at === end + 1);
      code += Math.floor((place + delta) / count);
      if (!(code <= 0x10ffff) || (code >= 0xd800 && code < 0xe000)) return "";
      place = (place + delta) % count;
      chars.splice(place++, 0, String.fromCodePoint(code));
      at = next;
    }
    return chars.join("");
  };

  const mapped = (name) => {
    const plain = name.normalize("NFKC").replace(IGNORED, "");
    const lower = Array.from(plain, (char) => char.toLowerCase()).join("")
      .replace(RARE, (char) => char.toUpperCase().toLowerCase());
    return lower.normalize("NFKC").replaceAll("。", ".");
  };

  const decoded = (label) => {
    if (!label.startsWith(ACE) || label.length > MAX_LABEL) return label;
    const name = mapped(decode(label.slice(ACE.length)));
    return ASCII.test(name) || FORBIDDEN.test(name) ? label : name;
  };

  const UTF_8 = new TextDecoder("utf-8", { ignoreBOM: true });

  /** Read "%C3%BC" as "ü", with "\ufffd" for what is not UTF-8. */
  const unquoted = (text) => text.replace(/(?:%[\da-f]{2})+/gi, (quoted) => {
    const bytes = quoted.slice(1).split("%").map((byte) => parseInt(byte, 16));
    return UTF_8.decode(Uint8Array.from(bytes));
  });

  /** Return a domain name in lower case, with its labels in Unicode; "" for one that none can be. */
  const canonicalDomain = (name) => {
    const labels = mapped(unquoted(name)).split(".");
    return labels.some((label) => FORBIDDEN.test(label)) ? "" : labels.map(decoded).join(".");
  };

  /** Return the name of an account in lower case with the labels of its domain in Unicode. */
  const readableLabels = (account) => account.split(/([.@:])/).map(decoded).join("");

  /** Tell whether the compatibility forms of a host hide a sign that ends it. */
  const isDisguised = (place) => {
    const plain = place.replace(/[@:#?]/g, ""), shown = plain.normalize("NFKC");
    return plain !== shown && /[/?#@:]/.test(shown);
  };

  /** Return the host of a URL, also of one without a scheme; "" without a host. */
  const hostOf = (url) => {
    const plain = PLAIN_HOST.exec(url);
    if (plain && !plain[1].includes(ACE)) return plain[1].replace(/^www\./, "");
    const given = url.replaceAll("\\", "/").replace(/^[\x00-\x20]*(https?:)\/+/i, "$1//");
    const address = given.includes("://") ? given.replace(/^[\x00-\x20]+/, "") : `//${given}`;
    const found = /^(?:[a-z][a-z0-9+.-]*:)?\/\/([^/?#]*)/i.exec(address.replace(/[\t\r\n]/g, ""));
    const place = found?.[1] ?? "";
    if (/[[\]]/.test(place) || isDisguised(place)) return "";
    const name = canonicalDomain(place.split("@").at(-1).split(":")[0]);
    const shown = name.replace(/^www\./, "").replace(/\.$/, "");
    return shown.includes(".") ? shown : "";
  };

  /** Return the key of the site that a query names: by its host, an address, or "*.example". */
  const siteKey = (value) => {
    const name = value.replace(/^\*?\.+/, "");
    return (hostOf(name) || canonicalDomain(name) || name).replaceAll("ß", "ss").replaceAll("ς", "σ");
  };

  Object.assign(sitegen, { hostOf, readableLabels, siteKey });
}
