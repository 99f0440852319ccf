import { IconTrophy } from '@tabler/icons-react'
import { duration } from '../../core/base/numbers'
import type { Cell, Column } from '../../core/data/tables'
import { itemOf, shownState } from '../../core/runs/items'
import { STATE_WORDS, StateMark } from '../../ui/StateMark'
import type { Look } from '../../ui/table'
import classes from './items.module.css'

const HEADER = 30

/** How the table of items is drawn: states as marks, the best item with a cup, failures in their colour. `over` says whether the step has ended. */
export function itemLook(best: number | null, over: boolean, onOpen: (row: number) => void): Look {
  const cell = ({ name }: Column, row: Cell[]) => {
    const item = itemOf(row)
    if (!item) return undefined
    const state = shownState(item.state, over)
    if (name === 'State') return <span className={classes.state}><StateMark state={state} size={14} /> {STATE_WORDS[state]}</span>
    if (name === 'Time') return item.seconds === null ? '' : duration(item.seconds)
    if (name === 'Key' && item.ordinal === best) return <><IconTrophy size={14} stroke={1.8} className={classes.cup} role="img" aria-label="Best" /> {item.key}</>
    if (name === 'Failure') return item.error ? <span className={classes.failure}>{item.error.words} {item.error.remedy}</span> : ''
    return undefined
  }
  return { header: HEADER, cell, mark: (row) => (itemOf(row)?.ordinal === best && best !== null ? 'best' : undefined), onOpen }
}
