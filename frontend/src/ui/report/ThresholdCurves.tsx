import { useMemo } from 'react'
import { figuresOf, type ThresholdFigure, type ThresholdModel } from '../../core/data/reports'
import classes from './report.module.css'

const CURVES: { key: ThresholdFigure; title: string }[] = [
  { key: 'precision', title: 'Precision' }, { key: 'recall', title: 'Recall' }, { key: 'f1', title: 'F1' },
]
const WIDTH = 300
const HEIGHT = 110

/** Precision, recall and F1 against the threshold, with the current threshold marked. */
export function ThresholdCurves({ model, threshold }: { model: ThresholdModel; threshold: number }) {
  const paths = useMemo(() => CURVES.map(({ key }) => path(model, key)), [model])
  return (
    <div className={classes.curves}>
      <span className={classes.yTitle} aria-hidden>Value</span>
      <div className={classes.yTicks} aria-hidden><span>1</span><span>0.5</span><span>0</span></div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" height={HEIGHT} role="img" aria-label={`Precision, recall and F1 of ${model.name} at every threshold from 0 to 1`}>
        {CURVES.map(({ key }, index) => <path key={key} d={paths[index]} data-series={index} />)}
        <line x1={threshold * WIDTH} x2={threshold * WIDTH} y1={0} y2={HEIGHT} />
      </svg>
      <div className={classes.xTicks} aria-hidden><span>0</span><span>0.5</span><span>1</span></div>
      <div className={classes.xTitle} aria-hidden>Threshold</div>
      <div className={classes.legend} aria-hidden>
        {CURVES.map(({ key, title }, index) => <span key={key} data-series={index}>{title}</span>)}
      </div>
    </div>
  )
}

function path(model: ThresholdModel, key: ThresholdFigure): string {
  let pen = 'M'
  const parts: string[] = []
  model.thresholds.forEach((at, index) => {
    const value = figuresOf({ tp: model.tp[index] ?? 0, fp: model.fp[index] ?? 0, tn: model.tn[index] ?? 0, fn: model.fn[index] ?? 0 })[key]
    if (value === null) return
    parts.push(`${pen}${(at * WIDTH).toFixed(1)} ${((1 - value) * (HEIGHT - 4) + 2).toFixed(1)}`)
    pen = 'L'
  })
  return parts.join('')
}
