/**
 * The exchanges that are kept, newest first, of which only those are here that are looked at.
 *
 * Without a filter their numbers have no gaps: the place of each in the list is known, and any part
 * of it is asked for when it is seen. With one they are found page by page, as one goes down.
 */

import { ask } from "./control.js";
import { keepNearest, MOST, PAGE } from "./pages.js";

const NEVER_FINAL = new Set(["PENDING", "RUNNING", "SCHEDULED"]);

export class Exchanges {
  /** Why there are none, or not all, in words. */
  trouble = "";
  /** So many that are older are not kept any more. */
  dropped = 0;
  length = 0;
  hasMore = false;
  #changed;
  #filters = {};
  #newest = 0;
  #examined = 0;
  #byId = new Map();
  #found = [];
  #asking = null;
  #missed = null;

  /** `changed(added)`: there is something new to draw, so many of it at the top. */
  constructor(changed) {
    this.#changed = changed;
  }

  get isFiltered() {
    return Object.values(this.#filters).some(Boolean);
  }

  /** The newest that is listed. */
  get newest() {
    return this.#newest;
  }

  at(index) {
    return this.isFiltered ? this.#found[index] : this.#byId.get(this.#newest - index);
  }

  indexOf(id) {
    return this.isFiltered ? this.#found.findIndex((row) => row.id === id) : this.#newest - id;
  }

  /** Begin anew with other filters. */
  async restart(filters) {
    this.#asking?.abort();
    this.#asking = this.#missed = null;
    this.#filters = filters;
    this.#byId = new Map();
    this.#found = [];
    this.#examined = 0;
    this.length = 0;
    await this.#load({ count: PAGE }, (answer) => {
      this.#newest = answer.newest;
      this.#found = answer.results;
      this.hasMore = answer.hasMore;
      return 0;
    });
  }

  /** Whether more have been held against the rules since, of which one may be found only now. */
  lags(examined) {
    return Boolean(this.#filters.rule) && examined > this.#examined;
  }

  /**
   * Take in what came since; `seen` rows at the top may have changed. Those up to the number
   * `examined` have been held against the rules.
   */
  async follow(seen, examined) {
    if (this.#asking) return;
    if (this.isFiltered) {
      const after = this.#filters.rule ? Math.min(this.#examined, this.#newest) : this.#newest;
      await this.#load({ after, count: PAGE }, (answer) => {
        this.#newest = answer.newest;
        this.#examined = examined;
        // More than a page: what lies between is found again by going down.
        if (answer.hasMore) this.#found = [];
        this.hasMore ||= answer.hasMore;
        const before = this.#found.length;
        const again = new Set(answer.results);
        this.#found = [...answer.results, ...this.#found.filter((row) => !again.has(row))];
        const added = this.#found.length - before;
        this.#found = this.#found.slice(0, MOST);
        return Math.max(0, added);
      });
      return;
    }
    await this.#load({ count: Math.min(PAGE, seen) }, (answer) => {
      const added = answer.newest - this.#newest;
      this.#newest = answer.newest;
      return added;
    });
  }

  /** See to it that these rows are here. */
  async need(first, last) {
    if (this.#asking || this.trouble) return;
    if (this.isFiltered) {
      if (!this.hasMore || last < this.#found.length || this.#found.length >= MOST) return;
      await this.#load({ before: this.#found.at(-1).id, count: PAGE }, (answer) => {
        this.#found.push(...answer.results);
        this.hasMore = answer.hasMore;
        return 0;
      });
      return;
    }
    const end = Math.min(last, this.length);
    let missing = first;
    while (missing < end && this.at(missing)) missing++;
    // What was asked for and did not come is gone.
    if (missing >= end || this.#newest - missing === this.#missed) return;
    this.#missed = this.#newest - missing;
    await this.#load({ before: this.#newest - missing + 1, count: PAGE }, () => 0);
  }

  /** Ask again for the rows that are seen, if any of them may not have ended yet. */
  async refresh(first, last) {
    if (this.#asking) return;
    const rows = [];
    for (let index = first; index < last; index++) rows.push(this.at(index));
    const open = rows.filter((row) => row && !isFinal(row));
    if (!open.length) return;
    const newest = open[0].id;
    const count = Math.min(PAGE, this.isFiltered ? open.length : newest - open.at(-1).id + 1);
    await this.#load({ before: newest + 1, count }, () => 0);
  }

  async #load(query, take) {
    const asking = new AbortController();
    this.#asking = asking;
    let added = 0;
    try {
      const answer = await ask("requests", { query: { ...this.#filters, ...query }, signal: asking.signal });
      this.trouble = "";
      this.dropped = answer.dropped;
      answer.results = answer.results.map((row) => this.#known(row));
      added = take(answer);
      if (!this.isFiltered) {
        for (const row of answer.results) this.#byId.set(row.id, row);
        keepNearest(this.#byId, answer.results[0]?.id ?? 0);
      }
      const oldest = answer.newest - answer.kept + 1;
      this.length = this.isFiltered ? this.#found.length : Math.max(0, this.#newest - oldest + 1);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.trouble = error.message;
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
    this.#changed(added);
  }

  /** The row that is here already, if it says the same: what is drawn of it can stay. */
  #known(row) {
    const place = this.isFiltered ? this.#found.findIndex(({ id }) => id === row.id) : -1;
    const known = this.isFiltered ? this.#found[place] : this.#byId.get(row.id);
    if (known && JSON.stringify(known) === JSON.stringify(row)) return known;
    if (place >= 0) this.#found[place] = row;
    return row;
  }
}

function isFinal({ outcome, examined }) {
  return examined && !NEVER_FINAL.has(outcome.status);
}
