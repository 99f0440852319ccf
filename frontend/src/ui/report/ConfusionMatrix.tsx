import { Text } from '@mantine/core'
import { count, percent } from '../../core/base/numbers'
import type { Confusion, ThresholdModel } from '../../core/data/reports'
import classes from './report.module.css'

interface Props {
  model: ThresholdModel
  confusion: Confusion
  named: boolean
}

/** Actual against predicted classes; darker where more rows are. */
export function ConfusionMatrix({ model, confusion: { tp, fp, tn, fn }, named }: Props) {
  const rows = [
    { actual: model.positive, cells: [{ value: tp, right: true }, { value: fn, right: false }], total: tp + fn },
    { actual: model.negative, cells: [{ value: fp, right: false }, { value: tn, right: true }], total: fp + tn },
  ]
  return (
    <div>
      {named && <Text size="sm" fw={600} mb={4}>{model.name}</Text>}
      <table className={classes.confusion} aria-label={`Confusion matrix of ${model.name}`}>
        <thead>
          <tr><td /><th scope="col">Predicted {model.positive}</th><th scope="col">Predicted {model.negative}</th></tr>
        </thead>
        <tbody>
          {rows.map(({ actual, cells, total }) => (
            <tr key={actual}>
              <th scope="row">Actual {actual}</th>
              {cells.map(({ value, right }, index) => (
                <td key={index} data-right={right} style={{ '--share': total ? value / total : 0 } as React.CSSProperties}>
                  <strong>{count(value)}</strong>
                  <span>{total ? percent(value / total) : '–'}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
