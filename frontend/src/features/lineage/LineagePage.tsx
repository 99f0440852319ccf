import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconHierarchy2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'wouter'
import type { Lineage } from '../../core/runs/lineage'
import type { Workspace } from '../../core/team/people'
import { asApiError, getLineage } from '../../server/rest'
import { Empty } from '../../ui/Empty'
import { Failure } from '../../ui/Failure'
import { ListSkeleton } from '../../ui/ListSkeleton'
import { NotFound } from '../../ui/NotFound'
import { Page } from '../../ui/Page'
import { Timestamp } from '../../ui/Timestamp'
import { useNarrow } from '../../ui/useNarrow'
import classes from './lineage.module.css'
import { LineageGraph } from './LineageGraph'
import { LineageList } from './LineageList'

const DIRECTIONS = [{ value: 'both', label: 'Both' }, { value: 'back', label: 'Made of' }, { value: 'forward', label: 'Used by' }] as const
const VIEWS = [{ value: 'graph', label: 'Graph' }, { value: 'list', label: 'List' }]
type Direction = (typeof DIRECTIONS)[number]['value']

/** What a result is made of, and what depends on it. */
export default function LineagePage({ workspace }: { workspace: Workspace }) {
  const [params, setParams] = useSearchParams()
  const narrow = useNarrow()
  const of = params.get('of') ?? ''
  const column = params.get('column') ?? undefined
  const direction = DIRECTIONS.find(({ value }) => value === params.get('direction'))?.value ?? 'both'
  const view = params.get('view') ?? (narrow ? 'list' : 'graph')
  const asked = useQuery({
    queryKey: ['lineage', of, column, direction, workspace.id], enabled: of !== '', placeholderData: (before) => before,
    queryFn: () => getLineage({ of, column, direction, workspace: workspace.id }),
  })
  const change = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(params)
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name)
      else next.set(name, value)
    }
    setParams(next)
  }
  if (of === '') {
    return <Page title="Lineage"><Empty title="Nothing is selected" icon={IconHierarchy2} actions={<Link href="/runs">Runs</Link>}>Open a result, a run or a dataset, and press Lineage there.</Empty></Page>
  }
  const error = asked.error && asApiError(asked.error)
  if (error?.status === 404 && !column) return <NotFound what="Result"><Link href="/runs">All runs</Link></NotFound>
  if (error) return <Page title="Lineage"><Failure error={error} onRetry={() => void asked.refetch()} /></Page>
  if (!asked.data) return <Page title="Lineage"><ListSkeleton /></Page>
  const lineage = asked.data
  const controls = (
    <div className={classes.controls}>
      {lineage.columns.length > 0 && (
        <Select
          className={classes.picker} aria-label="Column" placeholder="All columns" searchable clearable limit={200} nothingFoundMessage="No such column"
          data={[...new Set(lineage.columns)]} value={column ?? null} onChange={(next) => change({ column: next })}
        />
      )}
      <SegmentedControl size="xs" data={[...DIRECTIONS]} value={direction} onChange={(next) => change({ direction: next })} aria-label="Direction" />
      <SegmentedControl size="xs" data={VIEWS} value={view} onChange={(next) => change({ view: next })} aria-label="View" />
    </div>
  )
  const onFocus = (id: string) => change({ of: id, column: null })
  return (
    <div aria-busy={asked.isPlaceholderData}>
      <Shown lineage={lineage} view={view} controls={controls} direction={direction} onFocus={onFocus} />
    </div>
  )
}

interface ShownProps {
  lineage: Lineage
  view: string
  direction: Direction
  controls: React.ReactNode
  onFocus: (id: string) => void
}

function Shown({ lineage, view, direction, controls, onFocus }: ShownProps) {
  const [first] = lineage.nodes.filter(({ id }) => lineage.focus.includes(id))
  const one = lineage.focus.length === 1
  const title = `Lineage of ${first ? one ? first.title : first.detail.replace(/^.* in /, '') : 'a result'}${lineage.column === null ? '' : `: ${lineage.column}`}`
  const facts = first && <>{one && <span>{first.detail}</span>}{first.people.map((person) => <span key={person}>{person}</span>)}{first.at && <Timestamp at={first.at} />}</>
  return (
    <Page title={title} facts={facts} actions={first && <Button variant="default" component={Link} href={one ? first.href : first.href.split('?')[0] ?? ''}>Open</Button>}>
      {controls}
      {lineage.notes.map((note) => <p key={note} className={classes.note} role="status">{note}</p>)}
      {lineage.edges.length === 0 && <p className={classes.note}>{NOTHING[direction]}</p>}
      {view === 'list' ? <LineageList lineage={lineage} onFocus={onFocus} /> : <LineageGraph lineage={lineage} onFocus={onFocus} />}
    </Page>
  )
}

const NOTHING: Record<Direction, string> = {
  both: 'It is made of nothing else that is recorded here, and nothing depends on it.', back: 'It is made of nothing else that is recorded here.', forward: 'Nothing depends on it.',
}
