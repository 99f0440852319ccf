/** Renders Vega-Lite without eval, which the page's content security policy forbids. */

import { loader, parse, View, type Loader } from 'vega'
import { expressionInterpreter } from 'vega-interpreter'
import { compile, type TopLevelSpec } from 'vega-lite'
import { withSecondMark } from './secondMark'
import { CHART_HEIGHT, isSingle, type Size } from './size'
import { chartConfig, paletteOf } from './theme'
import type { Tip } from './TooltipBox'

/** Rows by the name of a data set, for what changes while the chart stays. */
export type Live = Record<string, Record<string, unknown>[]>

export interface Drawing {
  fit: (size: Size) => void
  update: (live: Live) => void
  svg: () => Promise<string>
  png: () => Promise<Blob | null>
  end: () => void
}

/** A chart shows its inline data and loads nothing else. */
function closedLoader(): Loader {
  const closed = loader()
  closed.load = () => Promise.reject(new Error('it requests external data'))
  return closed
}

export async function draw(
  place: HTMLElement, spec: Record<string, unknown>, size: Size, live: Live, onTip: (tip: Tip | null) => void,
): Promise<Drawing> {
  // A separate element, so that a render that ends late removes nothing of the next one.
  const element = place.appendChild(document.createElement('div'))
  // The container has the chart's description; reading its thousand marks one by one does not help.
  element.setAttribute('aria-hidden', 'true')
  const single = isSingle(spec)
  const sized = single ? { height: CHART_HEIGHT, ...spec, ...size, autosize: { type: 'fit', contains: 'padding' } } : spec
  const compiled = compile(withSecondMark(sized) as unknown as TopLevelSpec, { config: chartConfig(paletteOf(element)) })
  const view = new View(parse(compiled.spec, undefined, { ast: true }), { expr: expressionInterpreter, renderer: 'svg', hover: true, loader: closedLoader() })
  view.tooltip((_handler, event, _item, value: unknown) => onTip(tipOf(event, value)))
  const update = (rows: Live) => Object.entries(rows).forEach(([name, values]) => view.data(name, values))
  update(live)
  view.initialize(element)
  await view.runAsync()
  return {
    fit: ({ width, height = view.height() }) => {
      if (single && width > 0 && Math.abs(view.width() - width) + Math.abs(view.height() - height) > 1) void view.width(width).height(height).runAsync()
    },
    update: (rows) => {
      update(rows)
      void view.runAsync()
    },
    svg: () => view.toSVG(),
    png: async () => {
      const canvas = await view.toCanvas(2)
      return new Promise((resolve) => canvas.toBlob(resolve))
    },
    end: () => {
      view.finalize()
      element.remove()
    },
  }
}

function tipOf(event: MouseEvent | TouchEvent, value: unknown): Tip | null {
  if (value === null || value === undefined || value === '' || !('clientX' in event)) return null
  const lines: [string, string][] = typeof value === 'object' ? Object.entries(value).map(([name, text]) => [name, String(text)]) : [['', String(value)]]
  return { x: event.clientX, y: event.clientY, lines }
}
