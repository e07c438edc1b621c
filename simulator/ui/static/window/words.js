/** Figures and times as people read them. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A number, 12,345. */
export const number = (value) => whole.format(value);

/** A rate: whole from ten on, with a decimal below. */
export const rate = (value) => (value === null ? "–" : (value >= 10 ? whole : short).format(value));

/** `1 delta`, `3 deltas`. */
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** The time of day of a timestamp, to the millisecond. */
export const timeOfDay = (timestamp) => /T([\d:.]+)/.exec(timestamp)?.[1] ?? timestamp;

/** A timestamp in a line: date and time of day. */
export const moment = (timestamp) => timestamp.replace("T", " ").replace(/(\.\d{3})?\+00:00$/, "$1 UTC");

/** Seconds as two units: 3 d 4 h, 12 min 5 s. */
export function duration(seconds) {
  const units = [["d", 86_400], ["h", 3_600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return "0 s";
  const found = [];
  let left = seconds;
  for (const [name, size] of units.slice(first, first + 2)) {
    const amount = Math.floor(left / size);
    if (amount) found.push(`${amount} ${name}`);
    left -= amount * size;
  }
  return found.join(" ");
}

/** Bytes, in the unit that fits. */
export function bytes(count) {
  const units = ["B", "KiB", "MiB", "GiB"];
  const step = count < 1 ? 0 : Math.min(3, Math.floor(Math.log2(count) / 10));
  return `${short.format(count / 1_024 ** step)} ${units[step]}`;
}
