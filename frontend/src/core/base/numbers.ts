/** Formatting of numbers, sizes, durations and times. */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** A count with separators: 1,000,000. */
export function count(value: number): string {
  return WHOLE.format(value)
}

/** A count and its noun: "1 row", "205 rows". */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`
}

/** A measured number, to its significant digits. */
export function figure(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  if (value < 0) return `−${figure(-value, digits)}`
  if (Number.isInteger(value) && value < 1e15) return WHOLE.format(value)
  if (value >= 1e9 || value < 1e-4) return value.toExponential(digits - 1)
  const decimals = value >= 1 ? Math.max(0, digits - Math.floor(Math.log10(value)) - 1) : digits
  return value.toLocaleString('en', { maximumFractionDigits: Math.max(decimals, value >= 1000 ? 1 : 0) })
}

/** A number of the data. Four digits may be a year, and are not separated. */
export const dataFigure = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 10_000 ? withMinus(String(value)) : figure(value))

/** The fewest decimals that show each value to six significant digits, so that a column of them lines up. */
export function decimalsFor(values: number[]): number {
  let decimals = 0
  for (const value of values) {
    while (decimals < 6 && !fits(value, decimals)) decimals += 1
  }
  return decimals
}

function fits(value: number, decimals: number): boolean {
  return Math.abs(Number(value.toFixed(decimals)) - value) <= Math.abs(value) * 5e-7
}

/** A number with separators from 10,000 on and that many decimals; one that would lose its significant digits keeps its own. */
export function aligned(value: number, decimals: number): string {
  if (Math.abs(value) < 1e15 && fits(value, decimals)) return withMinus(fixed(decimals).format(value))
  return withMinus(String(Number(value.toPrecision(6))))
}

const FIXED = new Map<number, Intl.NumberFormat>()

/** Made once for each number of decimals: a grid formats thousands of cells. */
function fixed(decimals: number): Intl.NumberFormat {
  const known = FIXED.get(decimals) ?? new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: 'min2' })
  FIXED.set(decimals, known)
  return known
}

/** With a real minus sign, as wide as the plus. */
const withMinus = (text: string) => text.replace(/^-/, '−')

/** A metric: scores up to one with fixed decimals, so that columns of them line up; errors to their significant digits. */
export function metric(value: number | null | undefined): string {
  return typeof value === 'number' && Math.abs(value) <= 1 && !(Math.abs(value) < 1e-4 && value !== 0) ? withMinus(value.toFixed(4)) : figure(value)
}

export function percent(share: number): string {
  return PERCENT.format(share).replace('%', '\u00a0%')
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

function size(value: number, base: number): string {
  let left = value
  let unit = 0
  while (left >= base && unit < BYTE_UNITS.length - 1) {
    left /= base
    unit += 1
  }
  return `${unit === 0 || left >= 100 ? Math.round(left) : left.toFixed(1)}\u00a0${BYTE_UNITS[unit]}`
}

export const bytes = (value: number): string => size(value, 1000)

/** Memory is counted in powers of two, in limits and in measurements. */
export const memory = (value: number): string => (value < 1024 ** 2 ? 'under 1\u00a0MB' : size(value, 1024))

/** A duration: 12 ms, 3.4 s, 2 min 05 s, 1 h 03 min. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–'
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)}\u00a0ms`
  if (seconds < 59.95) return `${seconds.toFixed(1)}\u00a0s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)}\u00a0min ${String(whole % 60).padStart(2, '0')}\u00a0s`
  return `${Math.floor(whole / 3600)}\u00a0h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')}\u00a0min`
}

const AGES: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, 'second'], [3600, 'minute'], [86_400, 'hour'], [604_800, 'day'], [2_629_800, 'week'], [31_557_600, 'month'], [Infinity, 'year'],
]
const UNIT_SECONDS: Partial<Record<Intl.RelativeTimeFormatUnit, number>> = {
  second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_629_800, year: 31_557_600,
}
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
/** Times of day are told in short units, which a narrow row has room for. */
const SHORT: Partial<Record<Intl.RelativeTimeFormatUnit, string>> = { second: 's', minute: 'min', hour: 'h' }

/** A view's clock is behind by up to so many seconds: what comes after it within them has happened just now. */
const BEHIND = 30

/** A time relative to now: "just now", "5 min ago", "yesterday". */
export function ago(moment: string, now: number): string {
  const seconds = (Date.parse(moment) - now) / 1000
  if (seconds > -10 && seconds <= BEHIND) return 'just now'
  const unit = AGES.find(([below]) => Math.abs(seconds) < below)?.[1] ?? 'year'
  const amount = Math.round(seconds / (UNIT_SECONDS[unit] ?? 1))
  const short = SHORT[unit]
  return short && amount < 0 ? `${-amount}\u00a0${short} ago` : RELATIVE.format(amount, unit)
}

const DATE_TIME: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }

/** The date and time in the browser's time zone, for headings. */
export function dateTime(moment: string): string {
  return new Date(moment).toLocaleString('en', DATE_TIME)
}

/** The exact time, with its time zone. */
export function exactly(moment: string): string {
  return new Date(moment).toLocaleString('en', { ...DATE_TIME, timeZoneName: 'short' })
}

/** The difference of two metrics; 0 where both are written alike. */
export const metricDifference = (value: number, other: number): number => (metric(value) === metric(other) ? 0 : value - other)

/** A difference with its sign: +0.0560, −158.1. */
export function signed(value: number): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${metric(Math.abs(value))}`
}
