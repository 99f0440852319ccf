import { Button, NativeSelect } from '@mantine/core'
import { IconListDetails, IconRefresh, IconTrophy } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { EVERYTHING, type Question } from '../../core/data/tables'
import { countsOf, fanWords, itemOf, spokenWords, type ItemState } from '../../core/runs/items'
import { useBestItems, useItemSource } from '../../state/items'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { Grid, Search, useRange, useWindows } from '../../ui/table'
import { BestSoFar } from './BestSoFar'
import { ItemDetails } from './ItemDetails'
import { ItemsBar } from './ItemsBar'
import classes from './items.module.css'
import { itemLook } from './itemLook'

interface Props {
  run: string
  node: string
  /** Runs what failed again; null where nothing has, and while that is not possible. */
  onAgain: (() => void) | null
  /** Whether the step has ended. */
  over: boolean
  /** The address of its leaderboard, of a search for the best model. */
  board?: string | null
}

/** The items of a step: how many are in which state, the best of them, and all of them as a table. */
export function ItemsView({ run, node, onAgain, over, board = null }: Props) {
  const [fan, setFan] = useState<number | null>(null)
  const [state, setState] = useState<ItemState | null>(null)
  const [question, setQuestion] = useState<Question>(EVERYTHING)
  const [focus, setFocus] = useState({ row: 0, column: 0 })
  const [range, onRange] = useRange()
  const [open, setOpen] = useState(false)
  const table = useRef<HTMLDivElement>(null)
  const { source, head } = useItemSource({ run, node, fan }, state)
  const best = useBestItems({ run, node, fan }, head)
  const windows = useWindows(source, question, range.first, range.last)
  const leader = best.at(-1)?.ordinal ?? null
  const look = useMemo(() => itemLook(leader, over, (row) => {
    setFocus((before) => ({ ...before, row }))
    setOpen(true)
  }), [leader, over])
  const shown = head?.fans.find(({ index }) => index === head.fan)

  if (windows.error && !head) return <div className={classes.padded}><Failure error={windows.error} onRetry={windows.retry} /></div>
  if (!head) return <ListSkeleton />
  if (!shown) return <Empty title="No items" icon={IconListDetails}>This module computes its result as a whole.</Empty>
  const counts = countsOf(shown)
  const close = () => {
    setOpen(false)
    table.current?.querySelector<HTMLElement>('[role=grid]')?.focus()
  }
  const item = open ? itemOf(windows.windows.row(focus.row)) : null
  return (
    <section className={classes.view} aria-label="Items">
      <div className={classes.head}>
        {head.fans.length > 1 && (
          <NativeSelect
            size="xs" aria-label="Part of the step" value={String(shown.index)} onChange={(event) => setFan(Number(event.currentTarget.value))}
            data={head.fans.map(({ index, noun }) => ({ value: String(index), label: `${index + 1}. ${noun}` }))}
          />
        )}
        <span className={classes.words}>{fanWords(shown)}</span>
        <span className="visually-hidden" role="status">{spokenWords(shown)}</span>
        <BestSoFar best={best} total={shown.total} />
        <span className={classes.space} />
        <Search search={question.search} label={`Search ${shown.noun}`} onSearch={(search) => setQuestion({ ...question, search })} />
        {board && <Button h={28} variant="default" leftSection={<IconTrophy size={14} />} component={Link} href={board}>Leaderboard</Button>}
        {onAgain && <Button data-once h={28} variant="default" leftSection={<IconRefresh size={14} />} onClick={onAgain}>Run failed items again</Button>}
      </div>
      <ItemsBar counts={counts} total={shown.total} chosen={state} over={over} onChoose={setState} />
      {windows.error && <div className={classes.padded}><Failure error={windows.error} onRetry={windows.retry} /></div>}
      <div className={classes.main}>
        <div className={classes.grid} ref={table}>
          <Grid label={`Items: ${shown.noun}`} windows={windows} profile={undefined} question={question} onAsk={setQuestion} focus={focus} onFocus={setFocus} onRange={onRange} look={look} />
          {!windows.loading && windows.total === 0 && <div className={classes.none}><Empty title={state || question.search ? 'No item matches' : 'No items'} icon={IconListDetails} /></div>}
        </div>
        {item && <ItemDetails item={item} best={item.ordinal === leader} over={over} onClose={close} />}
      </div>
    </section>
  )
}
