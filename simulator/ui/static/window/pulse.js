/**
 * The one poller of the page: it asks for the health, whose counters tell whether there is
 * anything new to ask for. It rests while the tab is hidden or the user pauses, asks less often
 * while nothing happens, and goes on when the simulator does not answer.
 */

import { ask } from "./control.js";

const QUICK = 1_000;
const SLOW = 4_000;
const BUSY_BEATS = 5; // as many beats without anything new, then it slows down
const KEPT = 3; // seconds over which a rate is taken

class Pulse {
  /** The last answer; null before the first. */
  health = null;
  /** Why there was none, in words; null while it answers. */
  lost = null;
  isPaused = false;
  /** Another text whenever something may have changed: also by a reset, or in another tab. */
  state = "";
  #listeners = new Set();
  #timer = null;
  #samples = [];
  #quiet = 0;
  #asking = null;

  /** Call `listener` with each answer and each change of state; returns what ends it. */
  follow(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start() {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) clearTimeout(this.#timer);
      else this.soon();
    });
    this.soon();
  }

  pause() {
    this.isPaused = true;
    clearTimeout(this.#timer);
    this.#tell();
  }

  resume() {
    this.isPaused = false;
    this.#samples = [];
    this.soon();
    this.#tell();
  }

  /** Ask at once, as after something was changed. */
  soon() {
    this.#quiet = 0;
    clearTimeout(this.#timer);
    if (!this.isPaused) return (this.#asking ??= this.#beat());
    return this.#asking;
  }

  /** How many a second of one of the counters, over the last seconds; null if not known yet. */
  rate(counter) {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || first === last) return null;
    const change = last.counts[counter] - first.counts[counter];
    return Math.max(0, change) / ((last.at - first.at) / 1_000);
  }

  async #beat() {
    try {
      this.#take(await ask("health"));
      this.lost = null;
    } catch (error) {
      this.lost = error.message;
      this.#samples = [];
    }
    this.#asking = null;
    this.#tell();
    clearTimeout(this.#timer);
    if (this.isPaused || document.hidden) return;
    const wait = this.#quiet >= BUSY_BEATS ? SLOW : QUICK;
    this.#timer = setTimeout(() => (this.#asking ??= this.#beat()), wait);
  }

  #take(health) {
    this.health = health;
    if (!health.counts) return; // the token is wanted
    const { uptime, clock, conformance, ...others } = health;
    const state = JSON.stringify(others);
    this.#quiet = state === this.state ? this.#quiet + 1 : 0;
    this.state = state;
    const at = performance.now();
    this.#samples = this.#samples.filter((sample) => at - sample.at <= KEPT * 1_000 + SLOW);
    while (this.#samples.length > 1 && at - this.#samples[1].at >= KEPT * 1_000) this.#samples.shift();
    this.#samples.push({ at, counts: health.counts });
  }

  #tell() {
    for (const listener of this.#listeners) listener(this);
  }
}

export const pulse = new Pulse();
