// Words -> the keys they are found under: the twin of translate/site/search/keys.py, fed with the same tables
// (search/rules.bin), so that what the index wrote and what a reader asks for cannot drift apart.

const SHORTEST = 3;

export class Keys {
  constructor(tables) {
    this.tables = tables;
    this.word = new RegExp(tables.word, "gu");
    this.foldings = new Map(Object.entries(tables.fold));
    this.lasts = new Map(Object.entries(tables.last));
    this.irregular = new Map(Object.entries(tables.irregular));
    this.bases = new Set(Object.values(tables.irregular));
    for (const name of ["stop", "conjunctions", "prepositions", "notArticle", "ambiguous", "whole"]) {
      this[name] = new Set(tables[name]);
    }
    this.known = new Map();
  }

  // "في الساحل." -> [{text: "في", begin: 0, end: 2}, ...]
  words(text) {
    return Array.from(text.matchAll(this.word), (found) => (
      { text: found[0], begin: found.index, end: found.index + found[0].length }
    ));
  }

  // "الإعداماتِ" -> "الاعدامات"
  fold(word) {
    let plain = word;
    for (const [written, meant] of this.tables.spelling) { plain = plain.split(written).join(meant); }
    return this.replaced(plain, this.foldings);
  }

  // Everything a word of a text may be found under.
  keys(word) {
    let found = this.known.get(word);
    if (!found) {
      found = this.keysOf(word);
      this.known.set(word, found);
    }
    return found;
  }

  // What a reader who types a word wants to find, the closest first.
  asked(word) {
    const folded = this.fold(word);
    if (this.ignored(folded)) { return []; }
    if (!isArabic(folded)) { return this.finished(this.latin(folded)); }
    const definite = this.definite(folded);
    const bases = definite.length ? definite : [[folded, false]];
    return this.finished(bases.flatMap(([base, article]) => this.endings(base, article, "q")));
  }

  isCommon(word) {
    return this.stop.has(this.last(this.fold(word)));
  }

  // The folded spelling in full: what stands beside a word in a phrase is compared so.
  plain(word) {
    return this.last(this.fold(word));
  }

  keysOf(word) {
    const folded = this.fold(word);
    if (this.ignored(folded)) { return []; }
    if (!isArabic(folded)) { return this.finished(this.latin(folded)); }
    return this.finished(this.readings(folded).flatMap(([base, article]) => this.endings(base, article, "")));
  }

  ignored(folded) {
    return !folded || folded.length > this.tables.longest || this.stop.has(this.last(folded));
  }

  replaced(text, table) {
    let result = "";
    for (const letter of text) {
      const other = table.get(letter);
      result += other === undefined ? letter : other;
    }
    return result;
  }

  last(form) {
    return this.replaced(form, this.lasts);
  }

  finished(forms) {
    return [...new Set(forms.map((form) => this.last(form)).filter(Boolean))];
  }

  readings(word) {
    const definite = this.definite(word);
    if (definite.length) { return definite; }
    const forms = [word];
    if (!this.whole.has(word)) {
      for (const inner of [word, this.conjunctions.has(word[0]) ? word.slice(1) : ""]) {
        if (inner.length < SHORTEST || (inner !== word && this.stop.has(this.last(inner)))) { continue; }
        forms.push(inner);
        if (!this.whole.has(this.last(inner)) && this.prepositions.has(inner[0]) && inner.length > SHORTEST) {
          forms.push(inner.slice(1));
        }
      }
    }
    return [...new Set(forms)].map((form) => [form, false]);
  }

  definite(word) {
    const { article, definite } = this.tables;
    for (const prefix of definite) {
      const rest = word.slice(prefix.length);
      if (!word.startsWith(prefix) || rest.length < 2 || this.notArticle.has(this.last(word))) { continue; }
      if (prefix.endsWith(article) && this.notArticle.has(this.last(article + rest))) { continue; }
      const found = [[rest, true]];
      if (prefix.endsWith("لل")) { found.push(["ل" + rest, true]); }
      if (prefix !== article && (rest.length < SHORTEST || this.ambiguous.has(this.last(word)))) {
        found.unshift([word, false]);
      }
      return found;
    }
    return [];
  }

  endings(base, definite, flag) {
    return this.tables.arabic.reduce((forms, level) => leveled(forms, level, definite ? flag + "d" : flag), [base]);
  }

  latin(folded) {
    let forms = [folded];
    for (const level of this.tables.latin) {
      forms = forms.map((form) => this.irregular.get(form) || form)
        .flatMap((form) => (this.bases.has(form) ? [form] : leveled([form], level, "")));
    }
    return forms;
  }
}

function isArabic(folded) {
  return folded[0] >= "\u0600";
}

// All forms with what they may be without one of these endings.
function leveled(forms, rules, wanted) {
  const found = [];
  for (const form of forms) {
    found.push(form);
    for (const [ending, instead, least, notBehind, only, flags] of rules) {
      const stem = form.slice(0, form.length - ending.length);
      if (!form.endsWith(ending) || stem.length < least || [...wanted].some((flag) => !flags.includes(flag))) { continue; }
      if ((notBehind && notBehind.includes(stem[stem.length - 1])) || (only && !only.includes(form[0]))) { continue; }
      if (flags.includes("!")) { found.pop(); }
      found.push(...instead.map((other) => stem + other));
      if (flags.includes("!")) { break; }
    }
  }
  return found;
}
