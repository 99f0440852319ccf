/** Figures of answers whose truth arrived. */
import { count, counted } from '../base/numbers'
import type { Schemas } from '../base/schemas'

export type EndpointTruth = Schemas['EndpointTruth']
export type EndpointKeeping = Schemas['EndpointKeeping']

export type TruthFigure = Schemas['TruthFigure']

/** A figure by day, a line for each version, and dashed the figure of its run. Days with few labels are marked. */
export function truthChart({ days, runs, least_labels }: Pick<EndpointTruth, 'days' | 'runs' | 'least_labels'>, { key, title }: Pick<TruthFigure, 'key' | 'title'>): Record<string, unknown> {
  const values = days.flatMap((day) => {
    const value = day.figures[key] ?? null
    return value === null ? [] : [{ at: day.day, version: `Version ${day.version}`, value, labels: day.labels, enough: day.labels >= least_labels ? 'enough' : 'few' }]
  })
  const shown = new Set(values.map(({ version }) => version))
  const lines = runs.flatMap((run) => {
    const value = run.figures[key] ?? null
    return value === null || !shown.has(`Version ${run.version}`) ? [] : [{ version: `Version ${run.version}`, value, rows: run.rows }]
  })
  // Days are those of UTC, whatever the zone of the browser.
  const x = { field: 'at', type: 'temporal', timeUnit: 'utcyearmonthdate', title: null, axis: { grid: false, format: '%-d %b', tickCount: 'day', labelOverlap: true } }
  const y = { field: 'value', type: 'quantitative', title, scale: { zero: false } }
  const color = { field: 'version', type: 'nominal', title: null }
  return {
    layer: [
      { data: { values }, mark: { type: 'line', point: true }, encoding: { x, y, color } },
      { data: { values: lines }, mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { y, color, tooltip: [{ field: 'version', title: 'Run of' }, { field: 'value', title }, { field: 'rows', title: 'Rows' }] } },
    ],
  }
}

/** What the figures are of, in sentences: what is left out or unknown is said. */
export function truthWords({ cut, most_compared, days, least_labels, positive, unknown, runs }: EndpointTruth): string[] {
  const left = days.reduce((sum, { labels, compared }) => sum + labels - compared, 0)
  return [
    positive === null ? '' : `Precision, recall and F1 are of the class “${positive}”, at the threshold that the answers had.`,
    runs.length > 0 ? 'The run of a version was judged on the rows that it scored and that have a label; the dashed line is its figure.' : '',
    cut ? `There are more answers with truth than are compared: these are the newest ${count(most_compared)}.` : '',
    days.some(({ labels }) => labels > 0 && labels < least_labels) ? `Few: fewer than ${least_labels} labels, so that by chance the figures may be far off.` : '',
    left > 0 ? `${counted(left, 'answer')} with truth could not be compared: the prediction or the truth is no number, or there is no prediction.` : '',
    unknown.length > 0 ? `Some of what was true is no class that the versions know, and counts as wrong: ${unknown.map((name) => `“${name}”`).join(', ')}. Spell it as the training data does.` : '',
  ].filter(Boolean)
}

/** What is kept, in a sentence. */
export function keptWords({ share, days, kept, left_out, answers, answer_days, key }: EndpointKeeping): string {
  const rows = share === 0 ? 'No row of a request is kept.' : `Of ${share}\u00a0% of the requests, rows with ${kept.length === 0 ? 'no input' : kept.join(', ')} and the answer are kept for ${count(days)} days.`
  const without = share > 0 && left_out.length > 0 ? ` Left out: ${left_out.join(', ')}.` : ''
  const answered = answers ? ` The answers of all requests are kept for ${count(answer_days)} days with ${key || 'the request id'}, to compare them with the truth.` : ' Answers are not kept.'
  return rows + without + answered
}
