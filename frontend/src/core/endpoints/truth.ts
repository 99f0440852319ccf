/** Figures of answers whose truth arrived. */
import { count } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type EndpointTruth = Schemas['EndpointTruth']
export type EndpointKeeping = Schemas['EndpointKeeping']

/** The figures that are charted, with the share of answers whose truth is known, by day. Days with few labels are marked. */
export function truthChart({ task, days, least_labels }: Pick<EndpointTruth, 'task' | 'days' | 'least_labels'>): Record<string, unknown> {
  const figure = task === 'classes' ? 'Accuracy' : 'Mean absolute error'
  const values = days.flatMap((day) => {
    const value = task === 'classes' ? day.accuracy : day.mae
    return value === null ? [] : [{ at: day.day, version: `Version ${day.version}`, value, labels: day.labels, enough: day.labels >= least_labels ? 'enough' : 'few' }]
  })
  return {
    data: { values }, mark: { type: 'line', point: true },
    encoding: {
      x: { field: 'at', type: 'temporal', title: null, axis: { grid: false } },
      y: { field: 'value', type: 'quantitative', title: figure, scale: { zero: task === 'numbers' } },
      color: { field: 'version', type: 'nominal', title: null },
    },
  }
}

/** What is kept, in a sentence. */
export function keptWords({ share, days, kept, left_out, answers, answer_days, key }: EndpointKeeping): string {
  const rows = share === 0 ? 'No row of a request is kept.' : `Of ${share}\u00a0% of the requests, rows with ${kept.length === 0 ? 'no input' : kept.join(', ')} and the answer are kept for ${count(days)} days.`
  const without = share > 0 && left_out.length > 0 ? ` Left out: ${left_out.join(', ')}.` : ''
  const answered = answers ? ` The answers of all requests are kept for ${count(answer_days)} days with ${key || 'the request id'}, to compare them with the truth.` : ' Answers are not kept.'
  return rows + without + answered
}
