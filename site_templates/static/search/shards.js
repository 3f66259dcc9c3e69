// The files of the index: fetches the few that a question needs, each once, and reads what
// translate/site/search/postings.py wrote. Knows no ranking and no page.

const SHARE = 4;
const SPOT_BITS = 16;
const MONTH_PLACES = 12;

export class Shards {
  constructor(root) {
    this.root = root;
    this.held = new Map();
    this.fetched = 0;
  }

  // {tables, overview}: what has to be known before anything is asked.
  async open() {
    const [tables, overview] = await Promise.all([this.json("rules.bin"), this.json("index.bin")]);
    this.bits = overview.bits;
    return { tables, overview };
  }

  // The places of one key: {articles: n, places: [[article, [sentence, ...]], ...]}; none where it stands nowhere.
  async places(key) {
    const shard = await this.shard(key);
    const found = shard.rows.get(key);
    if (!found) { return []; }
    if (found.file) { return unpack(await this.file(`words/${found.file}.bin`, swollen)); }
    return unpack(found.bytes);
  }

  // Keys that begin so, with the number of bytes they take, which grows with how often they stand somewhere.
  async beginning(start) {
    const shard = await this.shard(start);
    return [...shard.rows].filter(([key]) => key.startsWith(start)).map(([key, row]) => [key, row.weight]);
  }

  // The sentences of an article.
  async text(number) {
    const places = 2 ** MONTH_PLACES;
    return this.json(`texts/${Math.floor(number / places).toString(16)}/${(number % places).toString(16)}.bin`);
  }

  async shard(key) {
    const name = (spot(key) >>> (SPOT_BITS - this.bits)).toString(16);
    return this.file(`shards/${name}.bin`, async (bytes) => read(await swollen(bytes)));
  }

  json(path) {
    return this.file(path, async (bytes) => JSON.parse(new TextDecoder().decode(await swollen(bytes))));
  }

  // Fetched once; asked for again where that failed.
  file(path, use) {
    if (!this.held.has(path)) {
      const wanted = this.get(path, use);
      wanted.catch(() => this.held.delete(path));
      this.held.set(path, wanted);
    }
    return this.held.get(path);
  }

  async get(path, use) {
    const answer = await fetch(new URL(path, this.root));
    if (!answer.ok) { throw new Error(`${path}: ${answer.status}`); }
    const bytes = new Uint8Array(await answer.arrayBuffer());
    this.fetched += bytes.length;
    return use(bytes);
  }
}

// As FNV-1a, of the first letters: all endings of a word lie together.
export function spot(key) {
  let value = 0x811c9dc5;
  for (let at = 0; at < Math.min(SHARE, key.length); at += 1) {
    value = Math.imul(value ^ key.charCodeAt(at), 0x01000193) >>> 0;
  }
  return ((value ^ (value >>> 16)) >>> 0) % 2 ** SPOT_BITS;
}

async function swollen(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function read(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const [keys, sizes] = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  const rows = new Map();
  let at = 4 + size;
  keys.forEach((key, index) => {
    const told = sizes[index];
    if (Array.isArray(told)) {
      rows.set(key, { file: told[0], weight: told[1] * 2 });
    } else {
      rows.set(key, { bytes: bytes.subarray(at, at + told), weight: told });
      at += told;
    }
  });
  return { rows };
}

function unpack(bytes) {
  const places = [];
  let at = 0;
  const take = () => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at];
      at += 1;
      value += (byte & 127) * unit;
      if (byte < 128) { return value; }
    }
  };
  let article = 0;
  while (at < bytes.length) {
    const head = take();
    article += Math.floor(head / 2);
    const count = head % 2 ? 1 : take();
    const sentences = [];
    let sentence = 0;
    for (let left = count; left; left -= 1) {
      sentence += take();
      sentences.push(sentence);
    }
    places.push([article, sentences]);
  }
  return places;
}
