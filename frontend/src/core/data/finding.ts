/** What an evaluation found, in one or two sentences made of its figures. */

import { lowered } from '../base/words'
import { metric, percent } from '../base/numbers'
import { rivalOf, type Evaluation } from './evaluation'
import { confusionAt, figuresOf, type FiguresRow } from './reports'

export function findingOf(evaluation: Evaluation, shown: string, threshold: number): string {
  return [aloneWords(evaluation, shown, threshold), againstWords(evaluation, shown)].filter(Boolean).join(' ')
}

/** With several models the sentence names the one whose figures these are. */
function aloneWords({ figures, threshold: block }: Evaluation, shown: string, threshold: number): string {
  const several = figures.rows.length > 1
  const [it, its] = several ? [shown, `The mean absolute error of ${shown}`] : ['it', 'Its mean absolute error']
  const model = block?.models.find(({ name }) => name === shown)
  if (model) {
    const { recall, precision } = figuresOf(confusionAt(model, threshold))
    if (recall === null || precision === null) return ''
    return `At a threshold of ${threshold.toFixed(2)}, ${it} finds ${percent(recall)} of ${model.positive}, and ${percent(precision)} of its ${model.positive} predictions are correct.`
  }
  const { r2, mean_absolute_error: off } = figures.rows.find(({ name }) => name === shown)?.values ?? {}
  if (typeof r2 !== 'number' || typeof off !== 'number') return ''
  return r2 > 0 ? `${several ? shown : 'It'} explains ${percent(r2)} of the variance, with a mean absolute error of ${metric(off)}.` : `${its} is ${metric(off)}, no better than always predicting the mean.`
}

function againstWords(evaluation: Evaluation, shown: string): string {
  const { columns, rows } = evaluation.figures
  const rival = rivalOf(evaluation, shown)
  const [own, other] = [shown, rival].map((name) => rows.find((row) => row.name === name))
  if (!own || !other) return ''
  const compared = columns.flatMap(({ key, better }) => {
    const [value, against] = [own.values[key], other.values[key]]
    return better && typeof value === 'number' && typeof against === 'number' ? [better === 'high' ? value - against : against - value] : []
  })
  if (compared.length === 0) return ''
  const wins = compared.filter((by) => by > 0).length
  return `It is better than ${other.name} in ${wins} of ${compared.length} metrics${overlapWords(own, other, columns)}.`
}

/** Of the first figure that has an interval in both. */
function overlapWords(own: FiguresRow, other: FiguresRow, columns: Evaluation['figures']['columns']): string {
  for (const { key, title } of columns) {
    const [one, two] = [own.intervals?.[key], other.intervals?.[key]]
    if (one && two) return `; their confidence intervals of ${lowered(title)} ${one[0] <= two[1] && two[0] <= one[1] ? 'overlap' : 'do not overlap'}`
  }
  return ''
}
