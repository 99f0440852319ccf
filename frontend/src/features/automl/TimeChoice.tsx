import { useState } from 'react'
import { NumberField } from '../../ui/NumberField'
import classes from './automl.module.css'
import { timeWords } from '../../core/runs/searches'

const TIMES = [60, 300, 900, 3600]

interface Props {
  seconds: number
  onChange: (seconds: number) => void
  label?: string
}

/** How long to search. */
export function TimeChoice({ seconds, onChange }: Props) {
  return (
    <fieldset className={classes.step}>
      <legend><span className={classes.number} aria-hidden>3</span> Time</legend>
      <Times seconds={seconds} onChange={onChange} />
    </fieldset>
  )
}

export function Times({ seconds, onChange }: Props) {
  const [other, setOther] = useState(!TIMES.includes(seconds))
  return (
    <div className={classes.times}>
      {TIMES.map((each) => (
        <label key={each} className={classes.column}>
          <input
            type="radio" name="time" checked={!other && each === seconds}
            onChange={() => {
              setOther(false)
              onChange(each)
            }}
          />
          <span className={classes.name}>{timeWords(each)}</span>
        </label>
      ))}
      <label className={classes.column}>
        <input type="radio" name="time" checked={other} onChange={() => setOther(true)} />
        <span className={classes.name}>Other</span>
      </label>
      {other && <NumberField className={classes.short} aria-label="Seconds" suffix=" s" min={1} max={604_800} allowDecimal={false} value={seconds || ''} onChange={(value) => onChange(Number(value) || 0)} />}
    </div>
  )
}
