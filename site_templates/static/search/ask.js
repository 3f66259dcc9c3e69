// A question and what answers it: which articles, in which order, and which words of a sentence to light up.
// All words in one sentence come first, then all in one article; where there is neither, some of them.
// Knows words and places; knows no page.

const QUOTED = /["“”„«»]([^"“”„«»]+)["“”„«»]?|([^\s"“”„«»]+)/gu;
const MOST_KEYS = 12;
const LOOSE = 0.6;
const BEGINNING = 4;

// '"Islamic State" fled' -> [{words: ["Islamic", "State"], phrase: true}, {words: ["fled"], phrase: false}]
export function parse(query, keys) {
  const parts = [];
  for (const [, quoted, bare] of query.matchAll(QUOTED)) {
    const words = keys.words(quoted || bare).map((word) => word.text);
    if (quoted && words.length > 1) {
      parts.push({ words, phrase: true });
    } else {
      const open = !quoted && /\*$/u.test(bare);
      words.forEach((word, at) => parts.push({ words: [word], phrase: false, open: open && at === words.length - 1 }));
    }
  }
  return parts;
}

export class Question {
  // `filters`: {outlet, topic, year, reviewed}.
  constructor(query, { filters = {}, newest = false } = {}) {
    this.query = query;
    this.filters = filters;
    this.newest = newest;
  }

  // Looks everything up: `found` is the ranked list of {article, tier, score, sentences}.
  async answer(keys, shards, overview) {
    this.keys = keys;
    this.parts = parse(this.query, keys);
    this.common = [];
    const words = this.parts.flatMap((part) => part.words.map((word) => ({ word, part })));
    const asked = [];
    for (const [at, { word, part }] of words.entries()) {
      if (keys.isCommon(word)) {
        if (!part.phrase) { this.common.push(word); }
        continue;
      }
      const last = at === words.length - 1 && !part.phrase;
      asked.push(this.lookUp(word, part, last, shards));
    }
    this.words = (await Promise.all(asked)).filter(Boolean);
    this.phrases = this.parts.filter((part) => part.phrase);
    const allowed = await this.allowed(shards, overview);
    this.rank(overview.articles, allowed);
    return this;
  }

  // One word: its keys, and article -> sentence -> how close. The last one may not be finished: where it stands
  // nowhere, what begins so is looked for.
  async lookUp(word, part, last, shards) {
    let wanted = this.keys.asked(word);
    if (!wanted.length) { return null; }
    let lists = await Promise.all(wanted.map((key) => shards.places(key)));
    let begins = "";
    const empty = lists.every((list) => !list.length);
    if ((part.open || (last && empty)) && wanted[0].length >= BEGINNING) {
      begins = wanted[0];
      const found = (await shards.beginning(begins)).sort((one, other) => other[1] - one[1]).slice(0, MOST_KEYS);
      wanted = [...new Set([...wanted, ...found.map(([key]) => key)])];
    }
    if (empty && wanted.length === this.keys.asked(word).length) {
      wanted = [...new Set([...wanted, ...this.keys.keys(word)])];
    }
    if (begins || empty) { lists = await Promise.all(wanted.map((key) => shards.places(key))); }
    const places = new Map();
    lists.forEach((list, at) => {
      const close = at === 0 ? 1 : LOOSE;
      for (const [article, sentences] of list) {
        let held = places.get(article);
        if (!held) { places.set(article, held = new Map()); }
        for (const sentence of sentences) {
          if (!(held.get(sentence) >= close)) { held.set(sentence, close); }
        }
      }
    });
    return { word, keys: new Set(wanted), begins, places, part };
  }

  // The articles that the filters leave, as a function.
  async allowed(shards, overview) {
    const { outlet, topic, year, reviewed } = this.filters;
    const facets = [outlet && "=o:" + outlet, topic && "=t:" + topic, reviewed && "=r:"].filter(Boolean);
    const sets = await Promise.all(facets.map(async (facet) => (
      new Set((await shards.places(facet)).map(([article]) => article))
    )));
    const size = 2 ** overview.placeBits;
    const first = year ? (Number(year) - 1970) * 12 : 0;
    return (article) => {
      const month = Math.floor(article / size);
      return sets.every((set) => set.has(article)) && (!year || (month > first && month <= first + 12));
    };
  }

  rank(total, allowed) {
    const words = this.words;
    this.found = [];
    this.sentences = 0;
    this.tier = 1;
    if (!words.length) { return; }
    const rare = words.map((word) => Math.log(1 + total / (word.places.size || total)));
    const fewest = words.reduce((one, other) => (other.places.size < one.places.size ? other : one));
    for (const article of fewest.places.keys()) {
      if (allowed(article) && words.every((word) => word.places.has(article))) {
        this.found.push(this.scored(article, rare));
      }
    }
    if (!this.found.length && words.length > 1 && !this.phrases.length) {
      this.tier = 3;
      const articles = new Set(words.flatMap((word) => [...word.places.keys()]));
      for (const article of articles) {
        if (allowed(article)) { this.found.push(this.scored(article, rare)); }
      }
    }
    this.sentences = this.found.reduce((sum, one) => sum + one.sentences.length, 0);
    const better = (one, other) => one.tier - other.tier || other.score - one.score || other.article - one.article;
    const later = (one, other) => one.tier - other.tier || other.article - one.article;
    this.found.sort(this.newest ? later : better);
  }

  // An article: its sentences with the words, those with all of them only where there are such.
  scored(article, rare) {
    const weights = new Map();
    const counts = new Map();
    this.words.forEach((word, at) => {
      for (const [sentence, close] of word.places.get(article) || []) {
        weights.set(sentence, (weights.get(sentence) || 0) + close * rare[at]);
        counts.set(sentence, (counts.get(sentence) || 0) + 1);
      }
    });
    const whole = [...weights.keys()].filter((sentence) => counts.get(sentence) === this.words.length);
    const tier = whole.length ? 1 : this.tier === 3 ? 3 : 2;
    const sentences = (whole.length ? whole : [...weights.keys()])
      .sort((one, other) => weights.get(other) - weights.get(one) || one - other);
    const title = weights.get(0) || 0;
    const reach = tier === 3 ? new Set(this.words.filter((word) => word.places.has(article))).size * 10 : 0;
    const score = Math.round(100 * (weights.get(sentences[0]) + title / 2 + Math.log2(sentences.length) / 2 + reach));
    return { article, tier, score, sentences };
  }

  // The sentences of a fetched article that answer: where the words are in them, phrases looked at word by word.
  hits(one, text) {
    const found = [];
    for (const at of one.sentences) {
      const line = text.lines[at];
      if (!line) { continue; }
      const [number, arabic, english, state] = line;
      const sides = { arabic: this.lit(arabic), english: this.lit(english) };
      const phrases = this.phrases.every((part) => (
        this.stands(part.words, arabic).length || this.stands(part.words, english).length
      ));
      if (phrases || !this.phrases.length) { found.push({ at, number, arabic, english, state, sides }); }
    }
    return found;
  }

  // [[begin, end], ...] of the words that were asked for.
  lit(text) {
    const spans = this.phrases.flatMap((part) => this.stands(part.words, text));
    for (const token of this.keys.words(text)) {
      const keys = this.keys.keys(token.text);
      const wanted = this.words.some((word) => !word.part.phrase && matches(word, keys));
      if (wanted) { spans.push([token.begin, token.end]); }
    }
    return merged(spans);
  }

  // Words that stand in a text and begin as the reader did: key -> the shortest spelling.
  begun(text, found) {
    const starts = this.words.filter((word) => word.begins).map((word) => word.begins);
    if (!starts.length) { return; }
    for (const token of this.keys.words(text)) {
      const key = this.keys.keys(token.text).find((one) => starts.some((start) => one.startsWith(start)));
      if (key && !(found.get(key)?.length <= token.text.length)) { found.set(key, token.text); }
    }
  }

  // Where a phrase stands in a text: every word behind the one before, common ones as they are written.
  stands(phrase, text) {
    const tokens = this.keys.words(text);
    const spans = [];
    const tests = phrase.map((word) => this.tester(word));
    for (let at = 0; at + tests.length <= tokens.length; at += 1) {
      if (tests.every((test, step) => test(tokens[at + step].text))) {
        spans.push([tokens[at].begin, tokens[at + tests.length - 1].end]);
      }
    }
    return spans;
  }

  tester(word) {
    if (this.keys.isCommon(word)) {
      const plain = this.keys.plain(word);
      return (token) => this.keys.plain(token) === plain;
    }
    const held = this.words.find((one) => one.word === word);
    return (token) => Boolean(held) && matches(held, this.keys.keys(token));
  }
}

function matches(word, keys) {
  return keys.some((key) => word.keys.has(key) || (word.begins && key.startsWith(word.begins)));
}

function merged(spans) {
  const result = [];
  for (const span of spans.sort((one, other) => one[0] - other[0])) {
    const before = result[result.length - 1];
    if (before && span[0] <= before[1]) {
      before[1] = Math.max(before[1], span[1]);
    } else {
      result.push([...span]);
    }
  }
  return result;
}
