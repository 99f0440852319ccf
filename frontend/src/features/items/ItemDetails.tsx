import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { duration } from '../../core/base/numbers'
import { shownState, type Item } from '../../core/runs/items'
import { Failure } from '../../ui/Failure'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import classes from './items.module.css'

const textOf = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))

/** One item with all its figures, or why it failed. */
export function ItemDetails({ item, best, over, onClose }: { item: Item; best: boolean; over: boolean; onClose: () => void }) {
  const { key, seconds, figures, error } = item
  const state = shownState(item.state, over)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.preventDefault() // it would also clear the selection on the canvas
    onClose()
  }
  const named = typeof figures === 'object' && figures !== null ? Object.entries(figures) : []
  return (
    <aside className={classes.details} aria-label={`Item ${key}`} tabIndex={0} onKeyDown={onKeyDown}>
      <div className={classes.detailsHead}>
        <b>{key}</b>
        <ActionIcon size={24} aria-label="Close the item" onClick={onClose}><IconX size={16} stroke={1.6} /></ActionIcon>
      </div>
      <p className={classes.state}><StateMark state={state} size={14} /> {STATE_WORDS[state]}{seconds !== null && ` · ${duration(seconds)}`}{best && ' · best so far'}</p>
      {error && (
        <>
          <Failure error={error} />
          <dl className={classes.facts}><div><dt>Code</dt><dd><code>{error.code}</code></dd></div></dl>
        </>
      )}
      {named.length > 0 && <dl className={classes.facts}>{named.map(([name, value]) => <div key={name}><dt>{name}</dt><dd className="figures">{textOf(value)}</dd></div>)}</dl>}
    </aside>
  )
}
