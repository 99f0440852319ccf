/** One theme for every chart, from the tokens of the page. */

import type { Config } from 'vega-lite'

const NAMES = {
  surface: 'surface', text: 'text', soft: 'text-soft', faint: 'text-faint', line: 'line', strong: 'line-strong',
  first: 'series-1', second: 'series-2', third: 'series-3', fourth: 'series-4', fifth: 'series-5', sixth: 'series-6',
}

/** As in texts: a no-break space before the percent sign. */
const NUMBERS = { decimal: '.', thousands: ',', grouping: [3], currency: ['$', ''] as [string, string], percent: '\u00a0%' }

export type Palette = Record<keyof typeof NAMES, string> & { font: string }

/** The colours at a chart's element, as Vega understands them: it cannot read light-dark() or a variable. */
export function paletteOf(element: Element): Palette {
  const probe = document.createElement('span')
  element.append(probe)
  const style = getComputedStyle(probe)
  const read = (name: string) => {
    probe.style.color = `var(--${name})`
    return style.color
  }
  const colours = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, read(name)])) as Record<keyof typeof NAMES, string>
  const font = style.fontFamily || 'sans-serif'
  probe.remove()
  return { ...colours, font }
}

export function chartConfig(palette: Palette): Config {
  const { surface, text, soft, faint, line, strong, first, second, third, fourth, fifth, sixth, font } = palette
  return {
    background: surface,
    locale: { number: NUMBERS },
    font,
    aria: false,
    // Letters of the lowest title reach below what is reckoned for them.
    padding: { left: 0, top: 0, right: 0, bottom: 4 },
    view: { stroke: null },
    mark: { color: first, tooltip: true },
    bar: { fill: first, cornerRadiusEnd: 2, opacity: 0.85 },
    rect: { fill: first },
    point: { filled: true, size: 36, opacity: 0.72 },
    line: { stroke: first, strokeWidth: 2, strokeCap: 'round', strokeJoin: 'round' },
    area: { fill: first, opacity: 0.12 },
    rule: { color: soft, strokeDash: [3, 3] },
    text: { color: text, font, fontSize: 12 },
    style: {
      // A line to compare with, and its name; sizes are the marks' own, since Vega-Lite prefers those of a mark's type to a style's.
      guide: { color: soft, strokeDash: [3, 3], strokeCap: 'butt' },
      'guide-name': { color: faint, dx: 6, dy: 4 },
      // The current threshold on a curve, and its value.
      current: { stroke: surface, strokeWidth: 2 },
      'current-name': { color: text, fontWeight: 500 },
    },
    range: { category: [first, second, third, fourth, fifth, sixth], ramp: [surface, first], heatmap: [surface, first], diverging: [second, surface, first] },
    axis: {
      domainColor: strong, gridColor: line, gridDash: [], ticks: false, labelColor: faint, labelFont: font, labelFontSize: 11, labelPadding: 6, labelLimit: 160,
      titleColor: soft, titleFont: font, titleFontSize: 11, titleFontWeight: 500, titlePadding: 8,
    },
    axisX: { grid: false },
    legend: {
      orient: 'top', direction: 'horizontal', symbolSize: 80, labelColor: soft, labelFont: font, labelFontSize: 12, labelLimit: 220,
      titleColor: soft, titleFont: font, titleFontSize: 12, titleFontWeight: 500,
    },
    title: { color: text, font, fontSize: 13, fontWeight: 600, anchor: 'start' },
    header: { labelColor: text, titleColor: text },
  }
}
