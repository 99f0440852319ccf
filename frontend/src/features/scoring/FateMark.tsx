import { IconAlertOctagon, IconArrowBigDownLine, IconCheck, IconPinned, IconScissors } from '@tabler/icons-react'
import { FATES, type Fate } from '../../core/runs/scoring'
import classes from './scoring.module.css'

const ICONS: Record<Fate, typeof IconCheck> = { kept: IconCheck, replaced: IconPinned, passed: IconArrowBigDownLine, cut: IconScissors, refused: IconAlertOctagon }

/** What becomes of a step: a shape and a colour, for beside a word. */
export function FateMark({ fate }: { fate: Fate }) {
  const Icon = ICONS[fate]
  return <Icon size={16} stroke={1.7} aria-hidden className={classes.fate} data-fate={fate} />
}

/** What the marks stand for. */
export function Legend({ fates }: { fates: readonly Fate[] }) {
  return (
    <ul className={classes.legend} aria-label="What the marks mean">
      {(Object.keys(FATES) as Fate[]).filter((fate) => fates.includes(fate)).map((fate) => <li key={fate}><FateMark fate={fate} /><span><b>{FATES[fate].title}</b> {FATES[fate].help}</span></li>)}
    </ul>
  )
}
