/** One theme for every chart, from the page's CSS variables. */

import type { Config } from 'vega-lite'

/** Distinguishable for colour-blind users, and readable on both backgrounds. */
export const SERIES = {
  light: ['#2a62d1', '#c2560c', '#0b7a63', '#a23f84', '#8a6d00', '#5b5fc7', '#4d5b66', '#b3261e'],
  dark: ['#86aef7', '#f2a25c', '#4cc9a4', '#e08cc4', '#d9bd4a', '#a7aaf5', '#a9b6c1', '#f28b82'],
}

export interface Surface {
  scheme: 'light' | 'dark'
  ground: string
  text: string
  faint: string
  line: string
  font: string
}

/** Read at the chart's element, so that it matches its surroundings. */
export function surfaceOf(element: Element, scheme: 'light' | 'dark'): Surface {
  const style = getComputedStyle(element)
  const read = (name: string, fallback: string) => style.getPropertyValue(name).trim() || fallback
  return {
    scheme,
    ground: read('--mantine-color-body', scheme === 'dark' ? '#1a1b1e' : '#ffffff'),
    text: read('--mantine-color-text', scheme === 'dark' ? '#c9c9c9' : '#212529'),
    faint: read('--mantine-color-dimmed', '#868e96'),
    line: read('--mantine-color-default-border', scheme === 'dark' ? '#424242' : '#dee2e6'),
    font: style.fontFamily || 'sans-serif',
  }
}

export function chartConfig({ scheme, ground, text, faint, line, font }: Surface): Config {
  const series = SERIES[scheme]
  const first = series[0]
  return {
    background: ground,
    font,
    aria: false,
    padding: 4,
    view: { stroke: null },
    mark: { color: first, tooltip: true },
    bar: { fill: first, cornerRadiusEnd: 2 },
    rect: { fill: first },
    point: { filled: true, size: 36, opacity: 0.75 },
    line: { stroke: first, strokeWidth: 2 },
    area: { fill: first, opacity: 0.3 },
    rule: { color: faint, strokeDash: [4, 4] },
    text: { color: text, font, fontSize: 12 },
    range: { category: series, ramp: { scheme: 'blues' } },
    axis: {
      labelColor: faint, titleColor: text, gridColor: line, gridOpacity: 0.6, domainColor: line, tickColor: line, labelFont: font, titleFont: font,
      labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, titlePadding: 8, labelLimit: 160,
    },
    legend: { labelColor: text, titleColor: text, labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, orient: 'bottom', labelLimit: 220 },
    title: { color: text, font, fontSize: 13, fontWeight: 600, anchor: 'start' },
    header: { labelColor: text, titleColor: text },
  }
}
