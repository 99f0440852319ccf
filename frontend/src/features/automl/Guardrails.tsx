import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { Schemas } from '../../core/base/schemas'
import { askedAddress, filterWords, type Filter } from '../../core/data/tables'
import type { Graph } from '../../core/graph/graph'
import { askedBefore, fixOf, followed, presetAddress, type Preset } from '../../core/runs/searches'
import type { Run } from '../../core/runs/runs'
import { getDatasets } from '../../server/rest'
import { useRun } from '../../state/run'
import { useMayEdit } from '../../state/workspace'
import { Box } from '../../ui/Box'
import { StateMark } from '../../ui/StateMark'
import classes from './search.module.css'

type Guardrail = Schemas['FoundGuardrail']

interface Props {
  run: Run
  node: string
  /** Null until the search has ended: its log tells what was noticed. */
  found: Guardrail[] | null
}

const MOST_NUMBERS = 20 // that a guardrail names
const MARKS = { alerted: 'warning', done: 'done', passed: 'done' } as const
const WORDS = { alerted: 'Look at this', done: 'Taken care of', passed: 'Passed' }

/** The choices of this search, for a new one that follows a guardrail; null where the form has no place for them, or a dataset is gone. */
function useChoices(run: Run, node: string): Preset | null {
  const datasets = useQuery({ queryKey: ['datasets', run.workspace, 'table'], queryFn: () => getDatasets(run.workspace, 'table') })
  const asked = askedBefore(run.graph as Graph, node)
  const idOf = (wanted: string) => datasets.data?.find(({ name }) => name === wanted)?.id
  const [dataset, validation] = [asked && idOf(asked.dataset), asked?.validation && idOf(asked.validation)]
  if (!asked || !dataset || (asked.validation && !validation)) return null
  return { ...asked.preset, dataset, ...(validation && { validation }) }
}

/** The rows that a guardrail is about, in the table that the search was given, or the numbers of some of them. */
function Rows({ run, node, rail }: { run: Run; node: string; rail: Guardrail }) {
  const [of] = (run.graph as Graph).edges.find(([, to]) => to === `${node}.table`) ?? []
  if (!of) return null
  const { filters = [], sort = '', numbers = [] } = rail.rows ?? {}
  const words = filters.length > 0 ? `See the rows where ${(filters as unknown as Filter[]).map(filterWords).join(', ')}` : sort ? `See the rows by ${sort.replace(/^-/, '')}` : 'See the data'
  const [from, port] = [of.slice(0, of.lastIndexOf('.')), of.slice(of.lastIndexOf('.') + 1)]
  const asked = filters.length > 0 || sort ? `&${askedAddress({ of, filters: filters as unknown as Filter[], sort })}` : ''
  return (
    <>
      {numbers.length > 0 && <p>Rows {numbers.map((number) => number.toLocaleString('en')).join(', ')}{numbers.length === MOST_NUMBERS ? ' …' : ''}</p>}
      <Link href={`/runs/${run.id}?node=${encodeURIComponent(from)}&port=${port}${asked}`}>{words}</Link>
    </>
  )
}

/** What was checked about the data, and what was done. */
export function Guardrails({ run, node, found }: Props) {
  const edits = useMayEdit(run.workspace)
  const choices = useChoices(run, node)
  if (!found) return <Noticed node={node} />
  const said = found.filter(({ state }) => state !== 'passed')
  const passed = found.filter(({ state }) => state === 'passed')
  return (
    <Box title="Guardrails" end={<span className={classes.soft}>{said.filter(({ state }) => state === 'alerted').length || 'None'} to look at</span>}>
      <ul className={classes.rails}>
        {said.map((rail) => {
          const fix = edits && choices ? fixOf(rail) : null
          return (
            <li key={rail.id}>
              <StateMark state={MARKS[rail.state]} size={16} />
              <div>
                <b>{rail.title}</b> <span className={classes.soft}>{WORDS[rail.state]}</span>
                <p>{rail.words}</p>
                {(rail.columns.length > 0 || rail.rows) && <Rows run={run} node={node} rail={rail} />}
                {fix && choices && <Link href={presetAddress(followed(choices, fix.preset))}>{fix.label}</Link>}
              </div>
            </li>
          )
        })}
      </ul>
      {passed.length > 0 && (
        <details className={classes.passed}>
          <summary>{passed.length} checks passed</summary>
          <ul>{passed.map(({ id, title, words }) => <li key={id}><b>{title}.</b> {words}</li>)}</ul>
        </details>
      )}
    </Box>
  )
}

/** While it searches: what the module says of the data, each sentence once. */
function Noticed({ node }: { node: string }) {
  const lines = useRun((state) => state.logs[node])
  const said = [...new Map((lines ?? []).map((line) => [line.line, line])).values()]
  if (said.length === 0) return null
  return (
    <Box title="What was noticed">
      <ul className={classes.rails}>
        {said.map(({ seq, level, line }) => <li key={seq}><StateMark state={level === 'warning' ? 'warning' : level === 'error' ? 'failed' : 'done'} size={16} /><p>{line}</p></li>)}
      </ul>
    </Box>
  )
}
