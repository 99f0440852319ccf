import { UnstyledButton } from '@mantine/core'
import { count } from '../../core/base/numbers'
import { ITEM_STATES, shownState, type ItemState } from '../../core/runs/items'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './items.module.css'

interface Props {
  counts: Record<ItemState, number>
  total: number
  /** The state that the table is filtered by. */
  chosen: ItemState | null
  /** Whether the step has ended. */
  over: boolean
  onChoose: (state: ItemState | null) => void
}

/** How many items are in which state: as a bar, and as buttons that filter the table. */
export function ItemsBar({ counts, total, chosen, over, onChoose }: Props) {
  const present = ITEM_STATES.filter((state) => counts[state] > 0 || state === chosen)
  return (
    <div className={classes.states}>
      <div className={classes.bar} aria-hidden>
        {present.map((state) => <span key={state} data-state={state} style={{ width: `${(100 * counts[state]) / Math.max(1, total)}%` }} />)}
      </div>
      <div className={classes.legend} role="group" aria-label="Filter by state">
        {present.map((state) => (
          <UnstyledButton key={state} className={classes.chip} aria-pressed={chosen === state} onClick={() => onChoose(chosen === state ? null : state)}>
            <StateMark state={shownState(state, over)} size={14} /> {STATE_WORDS[shownState(state, over)]} <b className="figures">{count(counts[state])}</b>
          </UnstyledButton>
        ))}
      </div>
    </div>
  )
}
