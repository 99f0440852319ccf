/** Chart specifications of an evaluation, as the report holds them, with the marks that follow the threshold. */

import { isRecord } from '../base/json'
import { scoreBins } from './evaluation'
import type { ThresholdModel } from './reports'

type Spec = Record<string, unknown>

/** The data set of a chart that changes with the threshold, without drawing the chart again. */
export const LIVE = 'at'

/** Models coloured in the same order in every chart; without a legend when there is only one. */
export function inSeries(spec: Spec, names: string[], legend?: Spec): Spec {
  const { layer, encoding } = spec
  const color = isRecord(encoding) ? encoding.color : undefined
  const named = isRecord(encoding) && isRecord(color) && color.field === 'model'
    ? { ...encoding, color: { ...color, title: null, scale: { domain: names }, ...(names.length === 1 ? { legend: null } : legend ? { legend } : {}) } }
    : encoding
  return {
    ...spec,
    ...(named === undefined ? {} : { encoding: named }),
    ...(Array.isArray(layer) ? { layer: layer.map((one) => (isRecord(one) ? inSeries(one, names, legend) : one)) } : {}),
  }
}

/** A curve with a dot for each model at the current threshold, and its value at the model shown, on the side where no curve runs. */
export function withCurrent(spec: Spec, names: string[]): Spec {
  if (!Array.isArray(spec.layer)) return spec
  const data = { name: LIVE }
  const dots = { data, mark: { type: 'point', style: 'current', size: 90, opacity: 1, tooltip: false }, encoding: { color: { field: 'model', type: 'nominal', scale: { domain: names }, legend: null }, shape: { value: 'circle' } } }
  const words = { data, mark: { type: 'text', style: 'current-name', fontSize: 11, align: 'right', baseline: 'top', dx: -7, dy: 6, tooltip: false }, encoding: { text: { field: 'words', type: 'nominal' } } }
  return { ...spec, layer: [...spec.layer, dots, words] }
}

/** How the scores of one model spread over the actual classes, with a line at the current threshold. */
export function scoresSpec(model: ThresholdModel): Spec {
  const color = { field: 'actual', type: 'nominal', title: null, scale: { domain: [model.positive, model.negative] } }
  const score = { type: 'quantitative', title: 'Score', scale: { domain: [0, 1] }, axis: { values: [0, 0.25, 0.5, 0.75, 1], format: '.2~f' } }
  return {
    layer: [
      {
        data: { values: scoreBins(model).map((bin) => ({ ...bin, strength: bin.actual === model.positive ? 0.9 : 0.5 })) },
        // Vega-Lite clips rounded bars over given bins to nothing.
        mark: { type: 'bar', cornerRadiusEnd: 0, tooltip: true },
        encoding: {
          x: { field: 'from', bin: { binned: true }, ...score },
          x2: { field: 'to' },
          y: { field: 'rows', type: 'quantitative', title: model.weighed ? 'Weight' : 'Rows', stack: 'zero' },
          color,
          opacity: { field: 'strength', type: 'quantitative', scale: null, legend: null },
          tooltip: [{ field: 'from', title: 'Score from' }, { field: 'to', title: 'to' }, { field: 'actual', title: 'Actual' }, { field: 'rows', title: 'Rows' }],
        },
      },
      { data: { name: LIVE }, mark: { type: 'rule', style: 'guide', tooltip: false }, encoding: { x: { field: 'threshold', ...score } } },
    ],
  }
}
