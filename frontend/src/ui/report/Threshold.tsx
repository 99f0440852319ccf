import { Group, Slider, Text } from '@mantine/core'
import { useState } from 'react'
import { figuresOf, confusionAt, THRESHOLD_FIGURES, type ThresholdBlock } from '../../core/data/reports'
import { metric } from '../../core/base/numbers'
import { ConfusionMatrix } from './ConfusionMatrix'
import classes from './report.module.css'
import { ThresholdCurves } from './ThresholdCurves'

/** One threshold for all models: every figure and confusion matrix follows it. */
export function Threshold({ block }: { block: ThresholdBlock }) {
  const [threshold, setThreshold] = useState(0.5)
  const at = block.models.map((model) => ({ model, confusion: confusionAt(model, threshold) }))
  return (
    <>
      <Group justify="space-between" mb={4}>
        <Text fw={600} size="sm">{block.title}</Text>
        <Text size="sm">Threshold <strong className={classes.tabular}>{threshold.toFixed(2)}</strong></Text>
      </Group>
      <Text size="xs" c="dimmed">A row is predicted as {block.models[0]?.positive ?? 'positive'} when its score is at or above the threshold.</Text>
      <Slider
        my="md" min={0} max={1} step={0.01} value={threshold} onChange={setThreshold} label={(value) => value.toFixed(2)} thumbLabel="Threshold"
        classNames={{ markLabel: classes.mark }}
        marks={[{ value: 0, label: '0' }, { value: 0.25 }, { value: 0.5, label: '0.5' }, { value: 0.75 }, { value: 1, label: '1' }]} mb={28}
      />
      <div className={classes.scroller}>
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              {THRESHOLD_FIGURES.map(({ key, title, help }) => <th key={key} scope="col" data-number title={help}>{title}</th>)}
              <th scope="col" data-number title="Area under the ROC curve. It does not depend on the threshold.">AUC</th>
            </tr>
          </thead>
          <tbody>
            {at.map(({ model, confusion }) => {
              const figures = figuresOf(confusion)
              return (
                <tr key={model.name}>
                  <th scope="row">{model.name}</th>
                  {THRESHOLD_FIGURES.map(({ key }) => <td key={key} data-number>{metric(figures[key])}</td>)}
                  <td data-number>{metric(model.auc)}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <div className={classes.matrices}>
        {at.map(({ model, confusion }) => (
          <div key={model.name} className={classes.model}>
            <ConfusionMatrix model={model} confusion={confusion} named={block.models.length > 1} />
            <ThresholdCurves model={model} threshold={threshold} />
          </div>
        ))}
      </div>
    </>
  )
}
