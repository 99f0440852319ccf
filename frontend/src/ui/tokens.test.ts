import { describe, expect, it } from 'vitest'
import css from './tokens.css?raw'

type Rgb = [number, number, number]
type Scheme = 'light' | 'dark'

const values = new Map([...css.matchAll(/--([a-z0-9_-]+):\s*([^;]+);/g)].map(([, name, value]) => [name as string, (value as string).trim()]))

function hex(token: string, scheme: Scheme): Rgb {
  const value = values.get(token)
  if (value === undefined) throw new Error(`There is no token ${token}.`)
  const [, light, dark] = /^light-dark\((#\w{6}), (#\w{6})\)$/.exec(value) ?? []
  const other = /^var\(--([a-z0-9-]+)\)$/.exec(value)?.[1]
  if (other) return hex(other, scheme)
  const found = (scheme === 'light' ? light : dark) ?? value
  return [1, 3, 5].map((at) => parseInt(found.slice(at, at + 2), 16) / 255) as Rgb
}

const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)

/** Relative luminance and contrast of WCAG 2.2. */
const luminance = (colour: Rgb) => {
  const [r, g, b] = colour.map(linear) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const contrast = (one: Rgb, two: Rgb) => {
  const [low, high] = [luminance(one), luminance(two)].toSorted((a, b) => a - b) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const GROUNDS = ['canvas', 'surface', 'raised', 'sunken']
const TEXTS = ['text', 'text-soft', 'text-faint', 'accent', 'state-done', 'state-failed', 'state-warning', 'state-idle']
const ON: [text: string, ground: string][] = [
  ['text', 'accent-soft'], ['accent', 'accent-soft'], ['text', 'failed-soft'], ['state-failed', 'failed-soft'], ['state-done', 'done-soft'], ['state-warning', 'warning-soft'],
  ['text', 'note'], ['on-accent', 'accent-fill'], ['on-accent', 'accent-fill-hover'], ['on-accent', 'danger-fill'], ['on-accent', 'danger-fill-hover'], ['surface', 'text'],
  ...Array.from({ length: 8 }, (_, at): [string, string] => ['on-accent', `person-${at + 1}`]),
]
const MARKS = ['line-control', 'series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6']

describe.each(['light', 'dark'] as const)('in the %s scheme', (scheme) => {
  it.each(TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)))('%s is readable on %s', (text, ground) => {
    expect(contrast(hex(text, scheme), hex(ground, scheme))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(ON)('%s is readable on %s', (text, ground) => {
    expect(contrast(hex(text, scheme), hex(ground, scheme))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(MARKS)('%s is seen on the surface', (mark) => {
    expect(contrast(hex(mark, scheme), hex('surface', scheme))).toBeGreaterThanOrEqual(3)
  })
})

/** OKLab after Ottosson (2020); sight without one kind of cone after Machado, Oliveira and Fernandes (2009), at full severity. */
function oklab(colour: Rgb, sight: number[][] | null): Rgb {
  const seen = colour.map(linear)
  const [r, g, b] = (sight ? sight.map((row) => row.reduce((sum, weight, at) => sum + weight * (seen[at] ?? 0), 0)) : seen).map((each) => Math.max(0, each)) as Rgb
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s]
}

const SIGHTS: [string, number[][] | null][] = [
  ['normal', null],
  ['protan', [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]],
  ['deutan', [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]],
  ['tritan', [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]],
]

describe.each(SIGHTS)('with %s sight', (_, sight) => {
  it.each(['light', 'dark'] as const)('any two series differ in the %s scheme', (scheme) => {
    const seen = [1, 2, 3, 4, 5, 6].map((at) => oklab(hex(`series-${at}`, scheme), sight))
    for (const [at, one] of seen.entries()) {
      for (const two of seen.slice(at + 1)) expect(Math.hypot(...one.map((value, axis) => value - (two[axis] ?? 0)))).toBeGreaterThan(0.095)
    }
  })
})

it('each ground at night lies a visible step above the one before', () => {
  const [sunken = 0, canvas = 0, surface = 0, raised = 0] = ['sunken', 'canvas', 'surface', 'raised'].map((ground) => oklab(hex(ground, 'dark'), null)[0])
  expect(canvas - sunken).toBeGreaterThan(0.015)
  expect(surface - canvas).toBeGreaterThan(0.035)
  expect(raised - surface).toBeGreaterThan(0.035)
})
