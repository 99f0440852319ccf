import { duration, metric } from '../../core/base/numbers'
import { best, changes, type Figure } from '../../core/runs/compare'
import { Change } from '../../ui/Change'
import { RunHeads, type Columns } from './columns'
import classes from './compare.module.css'

interface Props {
  columns: Columns
  /** In the order of the flow. */
  metrics: Figure[]
  /** Seconds of each run. */
  times: (number | null)[]
}

/** Figures side by side, by step: the best in bold, the others with their change from the baseline. */
export function ComparedMetrics({ columns, metrics, times }: Props) {
  const steps = [...new Map(metrics.map(({ node, step }) => [node, step]))]
  return (
    <div className={classes.scroller} tabIndex={0} role="region" aria-label="Metrics">
      <table className={classes.table}>
        <RunHeads columns={columns} first="Metric" numbers />
        {steps.map(([node, step]) => (
          <tbody key={node}>
            <tr><th scope="rowgroup" colSpan={columns.runs.length + 1} className={classes.step}>{step}</th></tr>
            {metrics.filter((one) => one.node === node).map((one) => <Line key={one.name} columns={columns} name={one.name} better={one.better} values={one.values} text={metric} />)}
          </tbody>
        ))}
        <tbody>
          <tr><th scope="rowgroup" colSpan={columns.runs.length + 1} className={classes.step}>Whole run</th></tr>
          <Line columns={columns} name="Run time" better="low" values={times} text={duration} amount={(by) => `${by < 0 ? '−' : '+'}${duration(Math.abs(by))}`} />
        </tbody>
      </table>
    </div>
  )
}

interface LineProps extends Pick<Figure, 'name' | 'better' | 'values'> {
  columns: Columns
  text: (value: number | null) => string
  amount?: (by: number) => string
}

function Line({ columns: { baseline, heads }, name, better, values, text, amount }: LineProps) {
  const bold = best({ values, better })
  const by = changes({ values }, baseline)
  return (
    <tr>
      <th scope="row">{name} {better && <span className={classes.soft}>{better === 'high' ? 'higher' : 'lower'} is better</span>}</th>
      {values.map((value, place) => {
        const change = by[place] ?? null
        return (
          <td key={place} data-number data-best={bold.includes(place) || undefined}>
            {text(value)}
            <span className={classes.delta}>
              {place === baseline ? 'baseline' : change !== null && <Change by={change} higherIsBetter={better && better === 'high'} against={heads[baseline]} amount={amount?.(change)} />}
            </span>
          </td>
        )
      })}
    </tr>
  )
}
