import { UnstyledButton } from '@mantine/core'
import { metric, metricDifference } from '../../core/base/numbers'
import type { Evaluation } from '../../core/data/evaluation'
import { bestRows, confusionAt, figuresOf, type FiguresBlock } from '../../core/data/reports'
import { Change } from '../Change'
import classes from './report.module.css'
import { SeriesMark } from './SeriesMark'

interface Props {
  evaluation: Evaluation
  threshold: number
  shown: string
  onShow: (model: string) => void
}

/** Every figure of every model, with its difference from the model shown; another is shown by a click on its name. */
export function Models({ evaluation, threshold, shown, onShow }: Props) {
  const block = withThreshold(evaluation, threshold)
  const own = block.rows.find(({ name }) => name === shown)?.values ?? {}
  const several = block.rows.length > 1
  const best = new Map(block.columns.map(({ key }) => [key, bestRows(block, key)]))
  return (
    <>
      <header className={classes.title}>{several ? 'Models' : 'All metrics'}{several && <span className={classes.hint}>Difference from the model shown · ▲ better, ▼ worse</span>}</header>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Metrics of the models">
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {block.columns.map(({ key, title, better }) => <th key={key} scope="col" data-number data-changes={several || undefined} title={better ? `${better === 'high' ? 'Higher' : 'Lower'} is better` : undefined}>{title}</th>)}
            </tr>
          </thead>
          <tbody>
            {block.rows.map(({ name, values }, index) => (
              <tr key={name} data-shown={(several && name === shown) || undefined}>
                <th scope="row">
                  {several ? <UnstyledButton className={classes.show} aria-pressed={name === shown} onClick={() => onShow(name)}><SeriesMark index={index} />{name}{name === shown && <span className={classes.chip}>shown</span>}</UnstyledButton> : name}
                </th>
                {block.columns.map(({ key, better }) => (
                  <td key={key} data-number data-best={best.get(key)?.has(name) || undefined}>
                    {valueText(values[key])}
                    {several && <span className={classes.delta}>{name !== shown && <Difference value={values[key]} own={own[key]} better={better} shown={shown} />}</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

const valueText = (value: unknown) => (typeof value === 'string' ? value : metric(typeof value === 'number' ? value : null))

function Difference({ value, own, better, shown }: { value: unknown; own: unknown; better: 'high' | 'low' | null; shown: string }) {
  if (typeof value !== 'number' || typeof own !== 'number') return null
  return <Change by={metricDifference(value, own)} higherIsBetter={better && better === 'high'} against={shown} />
}

/** The figures of the report, and two that follow the threshold. */
function withThreshold({ figures, threshold: block }: Evaluation, threshold: number): FiguresBlock {
  if (!block) return figures
  const at = threshold.toFixed(2)
  const found = new Map(block.models.map((model) => [model.name, figuresOf(confusionAt(model, threshold))]))
  return {
    ...figures,
    columns: [...figures.columns, { key: 'accuracy', title: `Accuracy at ${at}`, better: 'high' }, { key: 'f1', title: `F1 at ${at}`, better: 'high' }],
    rows: figures.rows.map((row) => ({ ...row, values: { ...row.values, accuracy: found.get(row.name)?.accuracy ?? null, f1: found.get(row.name)?.f1 ?? null } })),
  }
}
