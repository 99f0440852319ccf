/** A second mark beside the colour of each series, a dash or a shape, so that none is told by colour alone. */

import { isRecord } from '../../core/base/json'

type Spec = Record<string, unknown>

const DASHES = [[1, 0], [6, 3], [2, 4], [8, 3, 2, 3], [10, 4], [1, 3]]
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down']

/** The specification with dashes for lines and shapes for points, wherever a colour tells names apart and nothing else does. */
export function withSecondMark(spec: Spec, inherited: unknown = undefined): Spec {
  const encoding = isRecord(spec.encoding) ? spec.encoding : undefined
  const color = encoding?.color ?? inherited
  const inner = { ...spec }
  for (const key of ['layer', 'hconcat', 'vconcat', 'concat']) {
    if (Array.isArray(spec[key])) inner[key] = (spec[key] as unknown[]).map((one) => (isRecord(one) ? withSecondMark(one, color) : one))
  }
  if (isRecord(spec.spec)) inner.spec = withSecondMark(spec.spec, color)
  const second = secondOf(spec.mark, encoding, color)
  return second ? { ...inner, encoding: { ...encoding, ...second } } : inner
}

function secondOf(mark: unknown, encoding: Spec | undefined, color: unknown): Spec | null {
  const type = isRecord(mark) ? mark.type : mark
  if (!isRecord(color) || color.type !== 'nominal' || typeof color.field !== 'string' || color.condition !== undefined) return null
  if (type === 'line' && !encoding?.strokeDash) return { strokeDash: alike(color, DASHES) }
  if (type === 'point' && !encoding?.shape) return { shape: alike(color, SHAPES) }
  return null
}

/** The same field with the same names in the same order, so that both share one legend. */
function alike(color: Spec, range: unknown[]): Spec {
  const { domain } = isRecord(color.scale) ? color.scale : {}
  const kept = Object.fromEntries(['field', 'type', 'title', 'sort', 'legend'].flatMap((key) => (key in color ? [[key, color[key]]] : [])))
  return { ...kept, scale: { ...(domain === undefined ? {} : { domain }), range } }
}
