/* Decodes the lists of numbers of the index; docs/search-index.md describes them. */
"use strict";
{
  const GOES_ON = 62, BASE = 30;
  const VALUES = new Uint8Array(128);
  for (let code = 33, value = 0; code < 127; code++) {
    if (code !== 34 && code !== 92) VALUES[code] = value++;
  }

  /** Return the numbers of a list. */
  const readNumbers = (text) => {
    const numbers = [];
    for (let at = 0; at < text.length;) {
      let value = VALUES[text.charCodeAt(at++)], number = value;
      for (let scale = BASE; value >= GOES_ON; scale *= BASE) {
        value = VALUES[text.charCodeAt(at++)];
        number += value * scale;
      }
      numbers.push(number);
    }
    return numbers;
  };

  /** Return the posts of a list, which ascend. */
  const readPosts = (text) => {
    let post = -1;
    return readNumbers(text).map((step) => post += step + 1);
  };

  /** Return the positions of a word in each of its posts. */
  const readPositions = (text) => {
    const posts = [];
    let positions = [], last = -1;
    for (const number of readNumbers(text)) {
      last += (number >> 1) + 1;
      positions.push(last);
      if (number & 1) continue;
      posts.push(positions);
      positions = [];
      last = -1;
    }
    return posts;
  };

  /** Return the days of all posts, as days since 1970-01-01; NaN for a post without a date. */
  const readDays = (text) => {
    let day = 0;
    return readNumbers(text).map((number) => {
      if (!number) return NaN;
      return day += number % 2 ? (number - 1) / 2 : -number / 2;
    });
  };

  /** Return the place of the last entry that is not greater than a string; -1 if there is none. */
  const placeOf = (sorted, text) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= text) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  };

  Object.assign(sitegen, { readNumbers, readPosts, readPositions, readDays, placeOf });
}
