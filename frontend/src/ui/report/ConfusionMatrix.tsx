import { count, percent } from '../../core/base/numbers'
import type { Confusion, ThresholdModel } from '../../core/data/reports'
import classes from './report.module.css'

interface Props {
  model: ThresholdModel
  confusion: Confusion
}

/** Actual against predicted classes: each cell with its count, its share of the actual class, and its name. */
export function ConfusionMatrix({ model, confusion: { tp, fp, tn, fn } }: Props) {
  const rows = [
    { actual: model.positive, cells: [{ value: tp, name: 'true positive', right: true }, { value: fn, name: 'false negative', right: false }], total: tp + fn },
    { actual: model.negative, cells: [{ value: fp, name: 'false positive', right: false }, { value: tn, name: 'true negative', right: true }], total: fp + tn },
  ]
  return (
    <table className={classes.confusion} aria-label={`Confusion matrix of ${model.name}`}>
      <thead>
        <tr><td /><th scope="col">Predicted {model.positive}</th><th scope="col">Predicted {model.negative}</th></tr>
      </thead>
      <tbody>
        {rows.map(({ actual, cells, total }) => (
          <tr key={actual}>
            <th scope="row">Actual {actual}</th>
            {cells.map(({ value, name, right }) => (
              <td key={name} data-right={right} style={{ '--share': total ? value / total : 0 } as React.CSSProperties}>
                <strong>{count(value)}</strong>
                <span>{total ? percent(value / total) : '–'} · {name}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
