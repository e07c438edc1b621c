/** The rows of a list of the control API, of which only those are here that are looked at. */

export const PAGE = 100;
export const MOST = 3_000; // that are kept here

export class Pages {
  /** Why there are none, or not all, in words. */
  trouble = "";
  /** What came with the last page, besides its rows. */
  answer = null;
  length = 0;
  #ask;
  #changed;
  #rows = new Map();
  #hasMore = false;
  #asking = null;
  #missed = null;

  /**
   * `ask({ start, count, signal })`: a page, `{ results, hasMore, total }`; without a total the
   * list grows as one goes down. `changed(added)`: there is something to draw, so many of it new
   * at the top.
   */
  constructor(ask, changed) {
    this.#ask = ask;
    this.#changed = changed;
  }

  get hasMore() {
    return this.#hasMore;
  }

  at(index) {
    return this.#rows.get(index);
  }

  /** Begin anew, as other rows are asked for. */
  restart() {
    this.#asking?.abort();
    this.#asking = this.#missed = null;
    this.#rows = new Map();
    this.length = 0;
    return this.#load(0, PAGE);
  }

  /** Ask again for these rows; those that say the same stay the objects that they are. */
  async refresh(first = 0, last = PAGE) {
    if (!this.#asking) await this.#load(first, Math.min(PAGE, Math.max(1, last - first)));
  }

  /** See to it that these rows are here. */
  async need(first, last) {
    if (this.#asking || this.trouble) return;
    // Of a list that grows, the row behind the last one is wanted when that is seen.
    const end = this.#hasMore && last >= this.length ? this.length + 1 : Math.min(last, this.length);
    let missing = first;
    while (missing < end && this.#rows.has(missing)) missing++;
    // What was asked for and did not come is gone.
    if (missing >= end || missing === this.#missed) return;
    this.#missed = missing;
    await this.#load(missing, PAGE);
  }

  close() {
    this.#asking?.abort();
  }

  async #load(start, count) {
    const asking = new AbortController();
    this.#asking = asking;
    let added = 0;
    try {
      const answer = await this.#ask({ start, count, signal: asking.signal });
      this.trouble = "";
      this.answer = answer;
      added = this.#take(start, answer);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.trouble = error.message;
    } finally {
      if (this.#asking === asking) this.#asking = null;
    }
    this.#changed(added);
  }

  /** Keep them; returns how many have come in at the top. */
  #take(start, { results, hasMore, total }) {
    let added = 0;
    const first = this.#rows.get(0);
    if (start === 0 && first?.id !== results[0]?.id) {
      // New ones at the top have moved all others down: those are asked for again when seen.
      if (first) added = Math.max(0, results.findIndex(({ id }) => id === first.id));
      this.#rows.clear();
      this.#missed = null;
      this.length = 0;
    }
    results.forEach((row, index) => {
      const known = this.#rows.get(start + index);
      if (JSON.stringify(known) !== JSON.stringify(row)) this.#rows.set(start + index, row);
    });
    const end = start + results.length;
    if (Number.isInteger(total)) {
      this.length = total;
    } else if (end >= this.length || !hasMore) {
      this.length = end;
      this.#hasMore = hasMore;
    }
    for (const index of this.#rows.keys()) if (index >= this.length) this.#rows.delete(index);
    keepNearest(this.#rows, start);
    return added;
  }
}

/** Let go of the rows whose numbers are farthest from this one, if there are too many. */
export function keepNearest(rows, number) {
  if (rows.size <= MOST) return;
  const numbers = [...rows.keys()].sort((a, b) => Math.abs(b - number) - Math.abs(a - number));
  for (const far of numbers.slice(0, numbers.length - MOST)) rows.delete(far);
}
