import { Button, NumberInput, Slider } from '@mantine/core'
import { bestF1 } from '../../core/data/evaluation'
import { confusionAt, type ThresholdModel } from '../../core/data/reports'
import { ConfusionMatrix } from './ConfusionMatrix'
import classes from './report.module.css'
import { ThresholdCurves } from './ThresholdCurves'

interface Props {
  model: ThresholdModel
  threshold: number
  onThreshold: (threshold: number) => void
}

/** With two decimals, or as many as it needs, four at most. */
const inWords = (threshold: number) => (Math.abs(threshold * 100 - Math.round(threshold * 100)) < 1e-9 ? threshold.toFixed(2) : String(Number(threshold.toFixed(4))).padEnd(4, '0'))

/** The threshold to move, and what it does: the confusion matrix and the figures at every threshold. */
export function Threshold({ model, threshold, onThreshold }: Props) {
  return (
    <>
      <header className={classes.title}>
        Threshold
        <Button size="compact-xs" variant="subtle" color="gray" title="The threshold at which F1 is highest" onClick={() => onThreshold(bestF1(model))}>Best F1</Button>
      </header>
      <div className={classes.control}>
        <Slider className={classes.slider} size={4} thumbSize={16} min={0} max={1} step={0.01} value={threshold} onChange={onThreshold} label={inWords} thumbLabel="Threshold" />
        <NumberInput size="xs" w={64} hideControls min={0} max={1} step={0.01} decimalScale={inWords(threshold).length - 2} fixedDecimalScale clampBehavior="strict" aria-label="Value of the threshold"
          value={threshold} onChange={(next) => typeof next === 'number' && onThreshold(next)} classNames={{ input: classes.typed }} />
      </div>
      <p className={classes.hint}>Rows scored at or above {inWords(threshold)} are predicted {model.positive}.{model.at !== undefined && model.at !== threshold && ` They were predicted with ${inWords(model.at)}.`}</p>
      <div className={classes.effect}>
        <ConfusionMatrix model={model} confusion={confusionAt(model, threshold)} />
        <ThresholdCurves model={model} threshold={threshold} />
      </div>
    </>
  )
}
