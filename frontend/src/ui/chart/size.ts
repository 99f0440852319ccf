/** How a chart takes its place: `wide` as wide as its box, `low` for a line beside other figures, `square` for axes of the same unit, `fill` all of its box. */
export type ChartShape = 'wide' | 'low' | 'square' | 'fill'

export const CHART_HEIGHT = 300
const LOW = 140
const LARGEST_SQUARE = 440

export interface Size {
  width: number
  /** Undefined leaves it to the chart. */
  height?: number
}

export function sizeIn({ clientWidth, clientHeight }: Pick<HTMLElement, 'clientWidth' | 'clientHeight'>, shape: ChartShape): Size {
  if (shape === 'fill') return { width: clientWidth, height: Math.max(120, clientHeight) }
  if (shape === 'low') return { width: clientWidth, height: LOW }
  if (shape === 'wide') return { width: clientWidth }
  const side = Math.min(clientWidth, LARGEST_SQUARE)
  return { width: side, height: side }
}

const COMPOSED = ['hconcat', 'vconcat', 'concat', 'facet', 'repeat']

/** Charts of several views keep their given size; a single view takes the available width. */
export function isSingle(spec: Record<string, unknown>): boolean {
  const encoding = (spec.encoding ?? {}) as Record<string, unknown>
  return ![...COMPOSED.map((key) => spec[key]), encoding.row, encoding.column, encoding.facet].some((value) => value !== undefined)
}
